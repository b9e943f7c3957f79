import type { RgbImage } from '../image/rgb-image';
import { headPose } from '../landmarks/head-pose';
import type { FaceView } from './face-view';

/** How far the parts of a picture can be believed, 0..1 each. */
export interface Trust {
  /** Face itself: eyes, nose, mouth, chin. */
  readonly face: number;
  /** What is above and beside it: hair and hat. */
  readonly head: number;
}

/** Faces of this size or more (longer side of the box, photo pixels) show all that the models were trained on. */
const FULL_FACE = 40;
/** Nothing is to be seen in a face of this size. */
const NO_FACE = 10;

/** Turned away by so many degrees a face still shows both its halves; and so many leave a profile. */
const FULL_YAW = 35;
const PROFILE_YAW = 80;
/** What a profile is worth. */
const PROFILE_TRUST = 0.4;

/** Share of a square that may lie outside the photo without harm, and the share that leaves nothing to judge. */
const FULL_OUTSIDE = 0.15;
const ALL_OUTSIDE = 0.6;

/**
 * How much the pictures of a face can tell: less for small faces, faces turned away and faces that the photo's edge
 * cuts. `face` and `head` are the squares that the networks are given.
 */
export function trustOf(view: FaceView, face: RgbImage, head: RgbImage): Trust {
  const size = ramp(view.photoSide, NO_FACE, FULL_FACE);
  const turned = ramp(Math.abs(headPose(view.mesh).yaw), FULL_YAW, PROFILE_YAW);
  const pose = 1 - turned * (1 - PROFILE_TRUST);
  const seen = (outside: number) => 1 - ramp(outside, FULL_OUTSIDE, ALL_OUTSIDE);
  return {
    face: size * pose * seen(outsideShare(face, face.height)),
    // Hair and hat show in the upper half; the lower one may well be cut.
    head: size * pose * seen(outsideShare(head, head.height >> 1)),
  };
}

/** 0 up to `from`, 1 from `to` on, linear between. */
function ramp(value: number, from: number, to: number): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}

/** Share of the top `rows` rows that is pure black, as all is that lies outside a photo. */
function outsideShare({ data, width }: RgbImage, rows: number): number {
  let black = 0;
  for (let at = 0; at < rows * width * 3; at += 3) {
    if (((data[at] ?? 0) | (data[at + 1] ?? 0) | (data[at + 2] ?? 0)) === 0) {
      black++;
    }
  }
  return black / (rows * width);
}
