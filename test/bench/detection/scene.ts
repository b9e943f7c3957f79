import type { RgbImage } from '@mien/vision';

/** A picture that shows nobody. */
export interface Scene {
  readonly kind: string;
  readonly picture: RgbImage;
}

/** Size of the pictures that are made, in pixels. */
export const SCENE = { width: 640, height: 480 } as const;

export type Random = () => number;

/** Red, green and blue, 0..255. */
export type Colour = readonly [number, number, number];

export function colour(random: Random): Colour {
  return [random() * 255, random() * 255, random() * 255];
}
