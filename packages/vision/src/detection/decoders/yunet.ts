import type { Candidate } from '../box';
import type { DecoderOf, RawDetections } from './decoder';
import { cells, pictureOutput } from './output';

/**
 * YuNet: one anchor a cell, score the geometric mean of class and objectness, centre offset in strides from the
 * cell's corner, sides as exponentials in strides (OpenCV, modules/objdetect/src/face_detect.cpp, postProcess).
 */
export function decodeYunet(
  decoder: DecoderOf<'yunet'>,
  raw: RawDetections,
  index: number,
  threshold: number,
): Candidate[] {
  return decoder.levels.flatMap(({ stride, outputs }) => {
    const columns = cells(raw.width, stride);
    const count = columns * cells(raw.height, stride);
    const classes = pictureOutput(raw, outputs.classes, index, count);
    const objectness = pictureOutput(raw, outputs.objectness, index, count);
    const boxes = pictureOutput(raw, outputs.boxes, index, count * 4);
    const found: Candidate[] = [];
    for (let cell = 0; cell < count; cell++) {
      const score = Math.sqrt(unit(classes[cell]) * unit(objectness[cell]));
      if (score < threshold) {
        continue;
      }
      const centreX = ((cell % columns) + (boxes[cell * 4] ?? 0)) * stride;
      const centreY = (Math.floor(cell / columns) + (boxes[cell * 4 + 1] ?? 0)) * stride;
      const width = Math.exp(boxes[cell * 4 + 2] ?? 0) * stride;
      const height = Math.exp(boxes[cell * 4 + 3] ?? 0) * stride;
      found.push({ x: centreX - width / 2, y: centreY - height / 2, width, height, score });
    }
    return found;
  });
}

function unit(value = 0): number {
  return Math.min(1, Math.max(0, value));
}
