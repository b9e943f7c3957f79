import { z } from 'zod';

const cosine = z.number().min(-1).max(1);
const score = z.number().min(0).max(100);

const knotsSchema = z
  .array(z.object({ cosine, score }))
  .min(2)
  .refine(
    (knots) =>
      knots.every((knot, index) => {
        const before = knots[index - 1];
        return !before || (knot.cosine > before.cosine && knot.score >= before.score);
      }),
    'knots need rising cosines and scores that never fall',
  );

/** How cosine similarity becomes the public score of 0..100, and what the score's thresholds cost. */
export const calibrationSchema = z.object({
  /** Monotone, linear between knots, constant outside them. */
  knots: knotsSchema,
  /** Measured false-accept rate at a score; empty when it was not measured. */
  falseAcceptRates: z.array(z.object({ score, cosine, falseAcceptRate: z.number().min(0).max(1) })),
});
