import { meshPoint } from '../landmarks/mesh';
import { scaleRegion } from '../landmarks/region';
import { regionPicture } from '../landmarks/region-picture';
import type { FaceView } from './face-view';

/** Mesh points in the middle of open skin: both cheeks and the forehead. */
const SPOTS = [50, 280, 151];
/** Side of a patch over the side of the face's box, and on how many pixels it is looked at. */
const PATCH_SHARE = 0.14;
const PATCH_PIXELS = 16;

/**
 * How uneven the skin is: the spread of its brightness around a slope of light, over the brightness itself; mean of
 * three patches. Grain of the picture counts as well, so it says little of small or noisy faces.
 */
export function skinUnevenness(view: FaceView): number {
  const patches = SPOTS.map((index) => {
    const { x, y } = meshPoint(view.mesh, index);
    const region = scaleRegion({ ...view.square, x, y }, PATCH_SHARE);
    return unevenness(luma(regionPicture(view.picture, region, PATCH_PIXELS).data));
  });
  return patches.reduce((sum, value) => sum + value, 0) / patches.length;
}

function luma(rgb: Uint8Array): number[] {
  return Array.from({ length: rgb.length / 3 }, (_, i) => {
    return 0.299 * (rgb[i * 3] ?? 0) + 0.587 * (rgb[i * 3 + 1] ?? 0) + 0.114 * (rgb[i * 3 + 2] ?? 0);
  });
}

/** Spread around the best plane through the brightness, over its mean. */
function unevenness(values: readonly number[]): number {
  const half = (PATCH_PIXELS - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const along = (axis: (i: number) => number) => {
    const steps = values.map((_, i) => axis(i) - half);
    const product = values.reduce((sum, value, i) => sum + (value - mean) * (steps[i] ?? 0), 0);
    return product / steps.reduce((sum, step) => sum + step * step, 0);
  };
  const column = (i: number) => i % PATCH_PIXELS;
  const row = (i: number) => Math.floor(i / PATCH_PIXELS);
  const [across, down] = [along(column), along(row)];
  const rest = values.map((value, i) => value - mean - across * (column(i) - half) - down * (row(i) - half));
  const spread = Math.sqrt(rest.reduce((sum, value) => sum + value * value, 0) / rest.length);
  return spread / Math.max(mean, 1);
}
