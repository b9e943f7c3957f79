import { at, type Plane } from './plane';
import { FACE, SURROUNDINGS } from './regions';

/** How finely face and surroundings are drawn, as natural logarithms. */
export interface SharpnessMismatch {
  /** Second derivative against first derivative over the face: high is sharp. */
  readonly face: number;
  /** The same of the surroundings less that of the face: positive where the face is the more blurred. */
  readonly difference: number;
  /** Noise of the flat quarter of the surroundings against that of the face. */
  readonly noiseDifference: number;
}

/**
 * Compares focus and noise: a picture shown to the camera was blurred and cleaned once before, its frame and the
 * room around it were not; a live face is about as sharp as what is near it.
 */
export function sharpnessMismatch(plane: Plane, zones: Uint8Array): SharpnessMismatch {
  const face = new ZoneDetail();
  const surroundings = new ZoneDetail();
  const zoneAt = (x: number, y: number): number => zones[y * plane.width + x] ?? 0;
  for (let y = 1; y < plane.height - 1; y++) {
    for (let x = 1; x < plane.width - 1; x++) {
      const zone = zoneAt(x, y);
      // Pixels at the photo's own edge have no neighbour there; black beyond it would look like one.
      if (zone === 0 || (zone === SURROUNDINGS && !isInside(zoneAt, x, y))) {
        continue;
      }
      const here = at(plane, x, y);
      const right = at(plane, x + 1, y);
      const left = at(plane, x - 1, y);
      const below = at(plane, x, y + 1);
      const above = at(plane, x, y - 1);
      const slope = Math.abs(right - left) + Math.abs(below - above);
      const bend = Math.abs(4 * here - left - right - above - below);
      (zone === FACE ? face : surroundings).add(slope, bend);
    }
  }
  if (face.count === 0 || surroundings.count === 0) {
    return { face: face.sharpness, difference: 0, noiseDifference: 0 };
  }
  return {
    face: face.sharpness,
    difference: surroundings.sharpness - face.sharpness,
    noiseDifference: surroundings.noise - face.noise,
  };
}

/** Whether all four neighbours are surroundings too. */
function isInside(zoneAt: (x: number, y: number) => number, x: number, y: number): boolean {
  return zoneAt(x - 1, y) !== 0 && zoneAt(x + 1, y) !== 0 && zoneAt(x, y - 1) !== 0 && zoneAt(x, y + 1) !== 0;
}

/** Below this sum of steps (0..255 luma) a pixel counts as flat: what its second derivative shows is noise. */
const FLAT = 6;

/** Running sums of one zone. */
class ZoneDetail {
  count = 0;
  private slopes = 0;
  private bends = 0;
  private flatCount = 0;
  private flatBends = 0;

  add(slope: number, bend: number): void {
    this.count++;
    this.slopes += slope;
    this.bends += bend;
    if (slope < FLAT) {
      this.flatCount++;
      this.flatBends += bend;
    }
  }

  get sharpness(): number {
    return Math.log((this.bends + this.count * 0.1) / (this.slopes + this.count * 0.5));
  }

  get noise(): number {
    return Math.log(this.flatBends / Math.max(1, this.flatCount) + 0.5);
  }
}
