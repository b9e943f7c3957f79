import { at, type Plane } from './plane';
import type { CropRegions, PixelRect } from './regions';

/** How much of a straight line on each side of the face is one continuous edge, 0..1. */
export interface FrameEdges {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Lines may lean this far, as the tangent of the angle (about 14 degrees). */
const SLOPES = Array.from({ length: 11 }, (_, i) => (i - 5) * 0.05);
/** A step of the luma across two pixels that counts as edge. Below lies the noise of an ordinary photo. */
const STEP = 8;

/**
 * Looks for the sides of a sheet, a phone or a monitor: nearly upright lines left and right of the face, nearly
 * level ones above and below. A side counts by the share of its length over which the brightness steps the same
 * way. A door frame behind the face gives sides too, but the body stands before it below the chin.
 */
export function frameEdges(plane: Plane, regions: CropRegions): FrameEdges {
  const { face, photo } = regions;
  const upright = { steps: stepsAcross(plane, photo), face, photo };
  const level = { steps: stepsDown(plane, photo), face: transpose(face), photo: transpose(photo) };
  return {
    left: bestLine(upright, photo.left + 2, face.left + margin(face)),
    right: bestLine(upright, face.right - margin(face), photo.right - 3),
    top: bestLine(level, photo.top + 2, face.top + margin(level.face)),
    bottom: bestLine(level, face.bottom - margin(level.face), photo.bottom - 3),
  };
}

/**
 * The crop as one direction of lines sees it: x runs across the lines and y along them. `steps` holds 1 where the
 * luma rises across, -1 where it falls, else 0; `stride` apart from one y to the next.
 */
interface Direction {
  readonly steps: { readonly signs: Int8Array; readonly stride: number };
  readonly face: PixelRect;
  readonly photo: PixelRect;
}

function stepsAcross(plane: Plane, photo: PixelRect): Direction['steps'] {
  const signs = new Int8Array(plane.width * plane.height);
  for (let y = photo.top; y < photo.bottom; y++) {
    for (let x = photo.left + 1; x < photo.right - 1; x++) {
      signs[y * plane.width + x] = signOf(at(plane, x + 1, y) - at(plane, x - 1, y));
    }
  }
  return { signs, stride: plane.width };
}

/** The same for level lines, stored transposed. */
function stepsDown(plane: Plane, photo: PixelRect): Direction['steps'] {
  const signs = new Int8Array(plane.width * plane.height);
  for (let y = photo.top + 1; y < photo.bottom - 1; y++) {
    for (let x = photo.left; x < photo.right; x++) {
      signs[x * plane.height + y] = signOf(at(plane, x, y + 1) - at(plane, x, y - 1));
    }
  }
  return { signs, stride: plane.height };
}

function signOf(step: number): number {
  return step > STEP ? 1 : step < -STEP ? -1 : 0;
}

/** Frames may cut into the detector's box a little: a tenth of its width. */
function margin(face: PixelRect): number {
  return Math.round((face.right - face.left) * 0.1);
}

function transpose(rect: PixelRect): PixelRect {
  return { left: rect.top, top: rect.left, right: rect.bottom, bottom: rect.right };
}

/** The best of all lines that cross the face's middle row between `from` and `to`, over the face's own height. */
function bestLine(direction: Direction, from: number, to: number): number {
  let best = 0;
  for (const slope of SLOPES) {
    for (let position = from; position <= to; position++) {
      best = Math.max(best, lineSupport(direction, position, slope));
    }
  }
  return best;
}

function lineSupport({ steps, face, photo }: Direction, position: number, slope: number): number {
  const { signs, stride } = steps;
  const first = Math.max(face.top, photo.top);
  const last = Math.min(face.bottom, photo.bottom);
  const start = position - (slope * (face.top + face.bottom)) / 2;
  let rising = 0;
  let falling = 0;
  let count = 0;
  for (let y = first; y < last; y += 2) {
    const x = Math.round(start + slope * y);
    if (x <= photo.left || x >= photo.right - 1) {
      continue;
    }
    count++;
    const sign = signs[y * stride + x] ?? 0;
    if (sign > 0) {
      rising++;
    } else if (sign < 0) {
      falling++;
    }
  }
  // A line that mostly runs outside the photo shows nothing.
  return count * 2 < (last - first) * 0.7 ? 0 : Math.max(rising, falling) / count;
}
