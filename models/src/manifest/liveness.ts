import { z } from 'zod';

/** The picture signals that a pack may weigh; each is explained in the vision package, which measures them. */
export const LIVENESS_SIGNALS = [
  'lumaPeakFine',
  'lumaPeakCoarse',
  'chromaPeakFine',
  'chromaPeakCoarse',
  'frameSides',
  'frameTop',
  'frameBottom',
  'frameThird',
  'highlightFace',
  'highlightSurroundings',
  'faceBlack',
  'faceWhite',
  'blackDifference',
  'faceChroma',
  'faceChromaSpread',
  'blueness',
  'faceSharpness',
  'sharpnessDifference',
  'noiseDifference',
] as const;

/** What may be weighed: the model's own log odds ("model") and the signals. */
const evidenceSchema = z.enum(['model', ...LIVENESS_SIGNALS]);

/** Logistic regression: score = 100 / (1 + exp(-(bias + sum of weight * (value - mean) / scale))). */
const combinationSchema = z.object({
  bias: z.number(),
  terms: z
    .array(
      z.object({
        evidence: evidenceSchema,
        mean: z.number(),
        scale: z.number().positive(),
        weight: z.number(),
      }),
    )
    .min(1),
});

/** How a liveness model is fed and read. */
export const livenessSettingsSchema = z.object({
  /** Side of the crop, kept inside the photo, over the face box. */
  cropScale: z.number().positive(),
  /** Score (0..100) from which a face is called live. */
  threshold: z.number().min(0).max(100),
  /** Position of "live" among the scores. */
  liveIndex: z.int().nonnegative(),
  /** Whether the scores still need a softmax. */
  softmax: z.boolean(),
  /** Shorter side of the face box in pixels under which no judgement is given. */
  minFaceSize: z.int().positive(),
  /** How the model and the signals of the picture make the score; without it the score is the model's alone. */
  combination: combinationSchema.optional(),
});
