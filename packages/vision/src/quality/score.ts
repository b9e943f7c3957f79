import type { Completeness, HeadPose } from '@mien/proto';
import type { FacePart } from './appearance-model';
import { type Mark, onScale } from './scale';

/** What the score is made from. */
export interface ScoreInput {
  readonly sharpness: number;
  readonly brightness: number;
  readonly completeness: Completeness;
  readonly pose: HeadPose;
  /** Longer side of the face in pixels of the photo. */
  readonly facePixels: number;
}

const SHARPNESS: readonly Mark[] = [
  [0, 0.25],
  [40, 0.55],
  [60, 0.8],
  [80, 0.95],
  [100, 1],
];

const BRIGHTNESS: readonly Mark[] = [
  [0, 0.2],
  [15, 0.5],
  [30, 0.85],
  [45, 1],
  [55, 1],
  [70, 0.85],
  [85, 0.5],
  [100, 0.2],
];

/** Degrees away from looking straight ahead. */
const TURN: readonly Mark[] = [
  [0, 1],
  [15, 0.97],
  [30, 0.82],
  [45, 0.6],
  [70, 0.3],
];

const FACE_PIXELS: readonly Mark[] = [
  [12, 0.3],
  [20, 0.5],
  [34, 0.7],
  [60, 0.88],
  [100, 1],
];

/** For each part: the completeness at or below which it counts as covered, and what is left of the score at 0. */
const PART_MARKS: ReadonlyArray<readonly [part: FacePart, bound: number, covered: number]> = [
  ['eyebrow', 80, 0.75],
  ['eye', 80, 0.4],
  ['nose', 60, 0.5],
  ['cheek', 70, 0.65],
  ['mouth', 50, 0.5],
  ['chin', 70, 0.75],
];

/** What is left of the score when a part is covered just as far as its bound. */
const AT_BOUND = 0.92;

/** How fit a face is for recognition, 0..100: a product, so that each flaw lowers it whatever the others are. */
export function qualityScore(input: ScoreInput): number {
  const turn = Math.max(Math.abs(input.pose.yaw), Math.abs(input.pose.pitch));
  const uncovered = PART_MARKS.reduce(
    (product, [part, bound, covered]) =>
      product *
      onScale(
        [
          [0, covered],
          [bound, AT_BOUND],
          [100, 1],
        ],
        input.completeness[part],
      ),
    1,
  );
  return (
    100 *
    onScale(SHARPNESS, input.sharpness) *
    onScale(BRIGHTNESS, input.brightness) *
    uncovered *
    onScale(TURN, turn) *
    onScale(FACE_PIXELS, input.facePixels)
  );
}
