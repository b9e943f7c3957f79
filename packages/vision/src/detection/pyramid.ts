import type { RgbImage } from '../image/rgb-image';
import { halve, shrinkWindow } from '../image/shrink';
import type { DetectorTuning } from './tuning';

/** The face sizes that a network is good at. */
type LevelRange = Pick<DetectorTuning, 'sureFrom' | 'from' | 'to'>;

/** One size at which a photo is looked at. */
export interface Level {
  /** Pixels of the level to a pixel of the photo, at most 1. */
  readonly scale: number;
  /** The faces it answers for: the longer side in pixels of the level. */
  readonly from: number;
  readonly to: number;
}

/**
 * The levels for a photo, finest first: the finest brings the smallest wanted face to a size that the network is
 * sure of, if the photo has the pixels (nothing is enlarged); each next one is half as large, until a face that
 * fills the photo is small enough for the network.
 */
export function planLevels(width: number, height: number, minFace: number, tuning: LevelRange): Level[] {
  const levels: Level[] = [];
  for (let scale = Math.min(1, tuning.sureFrom / minFace); ; scale /= 2) {
    const coarsest = Math.min(width, height) * scale <= tuning.to * 2;
    levels.push({
      scale,
      from: levels.length === 0 ? 0 : tuning.from,
      to: coarsest ? Number.POSITIVE_INFINITY : tuning.to,
    });
    if (coarsest) {
      return levels;
    }
  }
}

/** The photo at each level's size, made one from the other. */
export function* levelImages(photo: RgbImage, levels: readonly Level[]): Generator<[Level, RgbImage]> {
  let image = photo;
  for (const [index, level] of levels.entries()) {
    image = index === 0 ? shrunk(photo, level.scale) : halve(image);
    yield [level, image];
  }
}

function shrunk(photo: RgbImage, scale: number): RgbImage {
  if (scale === 1) {
    return photo;
  }
  const width = Math.max(1, Math.floor(photo.width * scale));
  const height = Math.max(1, Math.floor(photo.height * scale));
  return shrinkWindow(photo, { left: 0, top: 0, scale, width, height });
}
