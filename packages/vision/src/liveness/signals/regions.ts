/** A rectangle in crop pixels: left and top inside, right and bottom just outside; whole numbers. */
export interface PixelRect {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Where things lie in a crop. */
export interface CropRegions {
  /** The face box, not clipped. */
  readonly face: PixelRect;
  /** The part of the crop that shows the photo: what the crop adds past the photo's edge is left out. */
  readonly photo: PixelRect;
}

/** How a pixel counts in a zone map. */
export const FACE = 1;
export const SURROUNDINGS = 2;

/**
 * Sorts every pixel of a crop: FACE is the ellipse that fills 80 % of the box (skin, hardly any background);
 * SURROUNDINGS begin where the box, widened by 15 % a side, ends; what lies between (hair, jaw) and outside the
 * photo is 0.
 */
export function zoneMap(regions: CropRegions, width: number, height: number): Uint8Array {
  const zones = new Uint8Array(width * height);
  const { face, photo } = regions;
  const halfWidth = (face.right - face.left) / 2;
  const halfHeight = (face.bottom - face.top) / 2;
  for (let y = photo.top; y < photo.bottom; y++) {
    const dy = (y - face.top) / halfHeight - 1;
    for (let x = photo.left; x < photo.right; x++) {
      const dx = (x - face.left) / halfWidth - 1;
      if (dx * dx + dy * dy <= 0.64) {
        zones[y * width + x] = FACE;
      } else if (Math.abs(dx) > 1.3 || Math.abs(dy) > 1.3) {
        zones[y * width + x] = SURROUNDINGS;
      }
    }
  }
  return zones;
}
