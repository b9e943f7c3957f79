import type { Candidate } from '../box';
import type { DecoderOf, RawDetections } from './decoder';
import { cells, pictureOutput } from './output';

/**
 * UltraFace (RFB-320): SSD box coding against square anchors whose sides are given in pixels, centred on the cells
 * (Ultra-Light-Fast-Generic-Face-Detector-1MB, vision/utils/box_utils.py, generate_priors and
 * convert_locations_to_boxes).
 */
export function decodeUltraFace(
  decoder: DecoderOf<'ultraface-anchors'>,
  raw: RawDetections,
  index: number,
  threshold: number,
): Candidate[] {
  const grids = decoder.levels.map(({ stride, minBoxes, centreOffsetY }) => ({
    stride,
    minBoxes,
    centreOffsetY,
    columns: cells(raw.width, stride),
    rows: cells(raw.height, stride),
  }));
  const anchors = grids.reduce((sum, grid) => sum + grid.columns * grid.rows * grid.minBoxes.length, 0);
  const scores = pictureOutput(raw, decoder.outputs.scores, index, anchors * 2);
  const boxes = pictureOutput(raw, decoder.outputs.boxes, index, anchors * 4);
  const found: Candidate[] = [];
  let first = 0;
  for (const { stride, columns, rows, minBoxes, centreOffsetY } of grids) {
    const kinds = minBoxes.length;
    for (let anchor = 0; anchor < columns * rows * kinds; anchor++) {
      const score = scores[(first + anchor) * 2 + decoder.faceIndex] ?? 0;
      if (score < threshold) {
        continue;
      }
      const cell = Math.floor(anchor / kinds);
      const side = minBoxes[anchor % kinds] ?? 0;
      const anchorX = ((cell % columns) + 0.5) * stride;
      const anchorY = (Math.floor(cell / columns) + 0.5) * stride + centreOffsetY;
      const at = (first + anchor) * 4;
      const centreX = anchorX + (boxes[at] ?? 0) * decoder.centreVariance * side;
      const centreY = anchorY + (boxes[at + 1] ?? 0) * decoder.centreVariance * side;
      const width = Math.exp((boxes[at + 2] ?? 0) * decoder.sizeVariance) * side;
      const height = Math.exp((boxes[at + 3] ?? 0) * decoder.sizeVariance) * side;
      found.push({ x: centreX - width / 2, y: centreY - height / 2, width, height, score });
    }
    first += columns * rows * kinds;
  }
  return found;
}
