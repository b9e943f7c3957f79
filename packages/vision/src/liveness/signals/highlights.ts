import type { RgbImage } from '../../image/rgb-image';
import { FACE, SURROUNDINGS } from './regions';

/** Shares of nearly white pixels, 0..1. */
export interface Highlights {
  readonly face: number;
  readonly surroundings: number;
}

/** Brighter than this in every channel is a highlight: the lamp's own colour, not the skin's (0..255). */
const BRIGHT = 225;

/**
 * Measures specular light: glass and glossy paper mirror lamps as white patches over the picture of a face, where
 * skin shines in small spots.
 */
export function highlights(image: RgbImage, zones: Uint8Array): Highlights {
  const seen = [0, 0, 0];
  const white = [0, 0, 0];
  for (let i = 0, p = 0; i < zones.length; i++, p += 3) {
    const zone = zones[i] ?? 0;
    seen[zone] = (seen[zone] ?? 0) + 1;
    if (Math.min(image.data[p] ?? 0, image.data[p + 1] ?? 0, image.data[p + 2] ?? 0) > BRIGHT) {
      white[zone] = (white[zone] ?? 0) + 1;
    }
  }
  const share = (zone: number): number => (white[zone] ?? 0) / Math.max(1, seen[zone] ?? 0);
  return { face: share(FACE), surroundings: share(SURROUNDINGS) };
}
