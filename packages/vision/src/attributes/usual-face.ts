import type { UsualProportion } from './unusualness';

/** What is usual, measured on 898 LFW people who face the camera by calibration/fit-geometry.ts. */
export const USUAL_FACE = {
  /** In the order of geometry/proportions.ts. */
  proportions: [
    { mean: 0.3895, spread: 0.0079 },
    { mean: 0.3106, spread: 0.0116 },
    { mean: 0.7249, spread: 0.0473 },
    { mean: 0.8303, spread: 0.0634 },
    { mean: 0.3916, spread: 0.0346 },
    { mean: 0.4707, spread: 0.0274 },
    { mean: 0.6071, spread: 0.0745 },
    { mean: 0.2589, spread: 0.0789 },
    { mean: 1.5544, spread: 0.0508 },
    { mean: 1.254, spread: 0.0578 },
  ] as readonly UsualProportion[],
  /** Of the logarithms. */
  asymmetry: { median: -3.8025, spread: 0.5555 },
  unusualness: { median: -0.2599, spread: 0.313 },
  unevenness: { median: -2.7802, spread: 0.4287 },
};
