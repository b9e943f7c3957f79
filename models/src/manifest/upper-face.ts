import { z } from 'zod';
import { calibrationSchema } from './calibration';

/** How faces are compared by what a mask leaves free; a model that was not measured on masks has none. */
export const upperFaceSchema = z.object({
  /** Stands behind the model's version in these templates', which are never compared with those of whole faces. */
  version: z.string().min(1),
  /**
   * The aligned face is looked at once for each row, painted black from there down, and the vectors are added. Rows
   * count on the template of 112 pixels.
   */
  hiddenBelow: z.array(z.int().min(1).max(111)).min(1),
  /** What all such vectors have in common and is taken away: base64 of little-endian 32-bit floats. */
  centre: z.base64(),
  calibration: calibrationSchema,
});
