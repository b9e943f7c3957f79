import { z } from 'zod';

const outputName = z.string().min(1);
const stride = z.int().positive();

/** UltraFace: anchors of fixed pixel sizes, SSD box coding; one score and one box tensor for all levels. */
const ultraFaceSchema = z.object({
  kind: z.literal('ultraface-anchors'),
  outputs: z.object({
    /** [batch, anchors, 2], probabilities. */
    scores: outputName,
    /** [batch, anchors, 4]: centre x, centre y, width, height, coded against the anchor. */
    boxes: outputName,
  }),
  /** Column of the scores that says "face". */
  faceIndex: z.int().nonnegative(),
  /** Anchors run level by level, row by row, cell by cell, then by box size (pixels). */
  levels: z
    .array(
      z.object({
        stride,
        minBoxes: z.array(z.number().positive()).min(1),
        /** Pixels that the level's anchors lie below the middle of their cells (above when negative). */
        centreOffsetY: z.number().default(0),
      }),
    )
    .min(1),
  centreVariance: z.number().positive(),
  sizeVariance: z.number().positive(),
});

/** YuNet (OpenCV Zoo, 2023): one cell one anchor, score = sqrt(class * objectness), exponential sizes. */
const yunetSchema = z.object({
  kind: z.literal('yunet'),
  levels: z
    .array(
      z.object({
        stride,
        outputs: z.object({
          classes: outputName,
          objectness: outputName,
          boxes: outputName,
          points: outputName,
        }),
      }),
    )
    .min(1),
});

/** SCRFD (InsightFace): distances from the cell to the box's sides, in strides. */
const scrfdSchema = z.object({
  kind: z.literal('scrfd'),
  anchorsPerCell: z.int().positive(),
  levels: z
    .array(
      z.object({
        stride,
        outputs: z.object({ scores: outputName, boxes: outputName, points: outputName.optional() }),
      }),
    )
    .min(1),
});

/** How a detector's raw outputs become boxes. */
export const detectionDecoderSchema = z.discriminatedUnion('kind', [
  ultraFaceSchema,
  yunetSchema,
  scrfdSchema,
]);
