import type { Affine } from '../image/affine';

/** A square of a picture, turned by `roll`: positive is clockwise as seen in the picture. Pixels and radians. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly side: number;
  readonly roll: number;
}

/**
 * The map that draws a region upright onto a square of `size` pixels, picture pixels to square pixels (pixel
 * centres at whole coordinates). `mirrored` swaps the square's left and right.
 */
export function regionMap(region: Region, size: number, mirrored = false): Affine {
  const scale = size / region.side;
  const cos = Math.cos(region.roll) * scale;
  const sin = Math.sin(region.roll) * scale;
  const middle = (size - 1) / 2;
  const sign = mirrored ? -1 : 1;
  return {
    a: sign * cos,
    b: sign * sin,
    c: middle - sign * (cos * region.x + sin * region.y),
    d: -sin,
    e: cos,
    f: middle + sin * region.x - cos * region.y,
  };
}

/** The same region, shrunk or grown around its centre. */
export function scaleRegion(region: Region, factor: number): Region {
  return { ...region, side: region.side * factor };
}
