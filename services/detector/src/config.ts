import type { PhotoLimits } from '@mien/vision';
import { z } from 'zod';

const wholeNumber = z.coerce.number().int().positive();

/** The detector's own environment variables. */
export const detectorConfigSchema = z
  .object({
    /** Largest encoded photo. */
    MIEN_PHOTO_MAX_BYTES: wholeNumber.default(10 * 1024 * 1024),
    /** Longest side of a photo. */
    MIEN_PHOTO_MAX_SIDE_PIXELS: wholeNumber.default(8_000),
    /** Shortest side of a photo. */
    MIEN_PHOTO_MIN_SIDE_PIXELS: wholeNumber.default(20),
    /** Largest photo: its pixels are what time and memory go by. */
    MIEN_PHOTO_MAX_MEGAPIXELS: z.coerce.number().positive().default(25),
    /** Threads that one decode may use. */
    MIEN_DETECTOR_DECODE_THREADS: wholeNumber.default(1),
  })
  .transform(
    (env): DetectorConfig => ({
      limits: {
        maxBytes: env.MIEN_PHOTO_MAX_BYTES,
        maxSide: env.MIEN_PHOTO_MAX_SIDE_PIXELS,
        minSide: env.MIEN_PHOTO_MIN_SIDE_PIXELS,
        maxPixels: env.MIEN_PHOTO_MAX_MEGAPIXELS * 1e6,
      },
      decodeThreads: env.MIEN_DETECTOR_DECODE_THREADS,
    }),
  );

export interface DetectorConfig {
  readonly limits: PhotoLimits;
  readonly decodeThreads: number;
}
