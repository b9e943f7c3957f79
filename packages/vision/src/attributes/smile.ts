import type { Mesh } from '../landmarks/mesh';
import { difference, dot, length, middle, span, vertex } from './geometry/points';
import { logistic } from './probability';

export interface Smile {
  /** 0 none .. 100 laughing. */
  readonly level: number;
  /** 0..1. */
  readonly probability: number;
}

/** Mesh points: outer eye corners, mouth corners, middles of the lips' outer edges, chin, brow. */
const EYES = [33, 263] as const;
const CORNERS = [61, 291] as const;
const LIPS = [0, 17] as const;
const AXIS = [10, 152] as const;

/**
 * How the mouth smiles, in widths of the eyes: its width, and how far its corners are drawn above the middle of the
 * lips along the face's own axis.
 */
export function mouthShape(mesh: Mesh): { readonly width: number; readonly lift: number } {
  const eyes = span(mesh, ...EYES);
  const axis = difference(vertex(mesh, AXIS[0]), vertex(mesh, AXIS[1]));
  const corners = middle(vertex(mesh, CORNERS[0]), vertex(mesh, CORNERS[1]));
  const lips = middle(vertex(mesh, LIPS[0]), vertex(mesh, LIPS[1]));
  return {
    width: span(mesh, ...CORNERS) / eyes,
    lift: dot(difference(corners, lips), axis) / length(axis) / eyes,
  };
}

/** Fitted to the happy probability of 945 LFW people by calibration/fit-geometry.ts (correlation 0.67). */
const CURVE = { width: 16.3055, lift: 19.6855, offset: -9.7287 };

/** What the mouth's shape alone says of a smile, 0..1: it rises with its width and with the lift of its corners. */
export function mouthSmile(mesh: Mesh): number {
  const { width, lift } = mouthShape(mesh);
  return logistic(CURVE.width * width + CURVE.lift * lift + CURVE.offset);
}

/**
 * The mean of what the mouth's shape and the expression network say; where the two agree the level is sure, where
 * they contradict each other it is not.
 */
export function smileEstimate(mesh: Mesh, happy: number): Smile {
  const mouth = mouthSmile(mesh);
  return { level: 50 * (mouth + happy), probability: 1 - Math.abs(mouth - happy) };
}
