/** A rectangle, floats in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A box that may hold a face, with the detector's score, 0..1. */
export interface Candidate extends Box {
  readonly score: number;
}

export function longerSide(box: Box): number {
  return Math.max(box.width, box.height);
}

export function intersection(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}

/** Shared area over joint area, 0..1. */
export function intersectionOverUnion(a: Box, b: Box): number {
  const shared = intersection(a, b);
  return shared === 0 ? 0 : shared / (a.width * a.height + b.width * b.height - shared);
}

/** Shared area over the smaller box's area, 0..1: one when a box lies inside the other. */
export function overlapOfSmaller(a: Box, b: Box): number {
  const smaller = Math.min(a.width * a.height, b.width * b.height);
  return smaller === 0 ? 0 : intersection(a, b) / smaller;
}
