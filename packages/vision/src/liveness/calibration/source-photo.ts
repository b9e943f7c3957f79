import { type RgbImage, rgbImage } from '../../image/rgb-image';

/** A rectangle in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A photo with the face that the detector found at its centre. */
export interface SourcePhoto {
  readonly image: RgbImage;
  readonly face: Box;
}

/** A drawn photo and where the face's middle should be on it, pixels. */
export interface DrawnPhoto {
  readonly image: RgbImage;
  readonly centre: { readonly x: number; readonly y: number };
}

export function centreOf(box: Box): { x: number; y: number } {
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

export function longerSide(box: Box): number {
  return Math.max(box.width, box.height);
}

/** The most that is cut from a side, pixels: LFW's rotated copies rarely have wider wedges. */
const WIDEST_WEDGE = 32;
/** A black run along the border that is this long, pixels, is a wedge and no shadow. */
const WEDGE_RUN = 4;
/** Every channel at or below this is wedge black: JPEG leaves a little. */
const WEDGE_BLACK = 10;

/**
 * LFW's deep-funneled photos were turned upright and show black wedges at their edges, straight edges that no
 * camera makes. Cuts a margin, the same on every side, until none is left; undefined when that would take too much.
 */
export function withoutWedges(source: SourcePhoto): SourcePhoto | undefined {
  const { image, face } = source;
  for (let margin = 0; margin <= WIDEST_WEDGE; margin += 2) {
    if (!borderHasWedge(image, margin)) {
      const cut = inset(image, margin);
      return { image: cut, face: { ...face, x: face.x - margin, y: face.y - margin } };
    }
  }
  return undefined;
}

function borderHasWedge(image: RgbImage, margin: number): boolean {
  const right = image.width - 1 - margin;
  const bottom = image.height - 1 - margin;
  const isBlack = (x: number, y: number): boolean => {
    const p = (y * image.width + x) * 3;
    return Math.max(image.data[p] ?? 0, image.data[p + 1] ?? 0, image.data[p + 2] ?? 0) <= WEDGE_BLACK;
  };
  const runs = [
    (i: number) => isBlack(i, margin),
    (i: number) => isBlack(i, bottom),
    (i: number) => isBlack(margin, i),
    (i: number) => isBlack(right, i),
  ];
  return runs.some((black) => longestRun(margin, Math.min(right, bottom), black) >= WEDGE_RUN);
}

function longestRun(from: number, to: number, holds: (i: number) => boolean): number {
  let longest = 0;
  let run = 0;
  for (let i = from; i <= to; i++) {
    run = holds(i) ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

function inset(image: RgbImage, margin: number): RgbImage {
  const width = image.width - 2 * margin;
  const height = image.height - 2 * margin;
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = ((y + margin) * image.width + margin) * 3;
    data.set(image.data.subarray(from, from + width * 3), y * width * 3);
  }
  return rgbImage(data, width, height);
}
