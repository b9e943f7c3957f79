/** A projective map of the plane, row by row: (x, y) -> ((h0 x + h1 y + h2) / w, (h3 x + h4 y + h5) / w), w = h6 x + h7 y + 1. */
export type Homography = readonly [number, number, number, number, number, number, number, number];

export function project(h: Homography, x: number, y: number): { x: number; y: number } {
  const w = h[6] * x + h[7] * y + 1;
  return { x: (h[0] * x + h[1] * y + h[2]) / w, y: (h[3] * x + h[4] * y + h[5]) / w };
}

/** The inverse, by the adjugate of the 3x3 matrix. */
export function invertHomography(h: Homography): Homography {
  const [a, b, c, d, e, f, g, i] = h;
  const s = a * e - b * d;
  return [
    (e - f * i) / s,
    (c * i - b) / s,
    (b * f - c * e) / s,
    (f * g - d) / s,
    (a - c * g) / s,
    (c * d - a * f) / s,
    (d * i - e * g) / s,
    (b * g - a * i) / s,
  ];
}

/**
 * How a flat thing is held: its point (anchorX, anchorY) lands on (x, y), `scale` target pixels per own pixel,
 * turned by `angle` (radians) and tilted: lean is the relative change of scale per own pixel.
 */
export interface Placement {
  readonly anchorX: number;
  readonly anchorY: number;
  readonly x: number;
  readonly y: number;
  readonly scale: number;
  readonly angle: number;
  readonly leanX: number;
  readonly leanY: number;
}

export function placementHomography(p: Placement): Homography {
  const cos = Math.cos(p.angle) * p.scale;
  const sin = Math.sin(p.angle) * p.scale;
  // About the anchor: q = R (u - anchor), w = 1 + lean . (u - anchor), target = (x, y) + q / w; divided by w at u = 0.
  const w0 = 1 - p.leanX * p.anchorX - p.leanY * p.anchorY;
  return [
    (cos + p.x * p.leanX) / w0,
    (-sin + p.x * p.leanY) / w0,
    (-cos * p.anchorX + sin * p.anchorY) / w0 + p.x,
    (sin + p.y * p.leanX) / w0,
    (cos + p.y * p.leanY) / w0,
    (-sin * p.anchorX - cos * p.anchorY) / w0 + p.y,
    p.leanX / w0,
    p.leanY / w0,
  ];
}
