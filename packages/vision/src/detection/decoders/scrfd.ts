import type { Candidate } from '../box';
import type { DecoderOf, RawDetections } from './decoder';
import { cells, pictureOutput } from './output';

/**
 * SCRFD: anchors sit on the cells' upper left corners, several on each; a box is given as the distances from there
 * to its left, top, right and bottom side, in strides (InsightFace, detection/scrfd, distance2bbox).
 */
export function decodeScrfd(
  decoder: DecoderOf<'scrfd'>,
  raw: RawDetections,
  index: number,
  threshold: number,
): Candidate[] {
  return decoder.levels.flatMap(({ stride, outputs }) => {
    const columns = cells(raw.width, stride);
    const count = columns * cells(raw.height, stride) * decoder.anchorsPerCell;
    const scores = pictureOutput(raw, outputs.scores, index, count);
    const boxes = pictureOutput(raw, outputs.boxes, index, count * 4);
    const found: Candidate[] = [];
    for (let anchor = 0; anchor < count; anchor++) {
      const score = scores[anchor] ?? 0;
      if (score < threshold) {
        continue;
      }
      const cell = Math.floor(anchor / decoder.anchorsPerCell);
      const anchorX = (cell % columns) * stride;
      const anchorY = Math.floor(cell / columns) * stride;
      const x = anchorX - (boxes[anchor * 4] ?? 0) * stride;
      const y = anchorY - (boxes[anchor * 4 + 1] ?? 0) * stride;
      const right = anchorX + (boxes[anchor * 4 + 2] ?? 0) * stride;
      const bottom = anchorY + (boxes[anchor * 4 + 3] ?? 0) * stride;
      found.push({ x, y, width: right - x, height: bottom - y, score });
    }
    return found;
  });
}
