import { MienError } from '@mien/errors';
import type { TensorValue } from '../../inference/inference-messages';
import { type DecoderOf, decodeDetections, type RawDetections } from './decoder';

function tensor(values: readonly number[], ...dims: number[]): TensorValue {
  return { data: Float32Array.from(values), dims };
}

/** Zeros with a few values set. */
function sparse(length: number, values: Readonly<Record<number, number>>): TensorValue {
  const data = new Float32Array(length);
  for (const [index, value] of Object.entries(values)) {
    data[Number(index)] = value;
  }
  return { data, dims: [length] };
}

describe('UltraFace', () => {
  const decoder: DecoderOf<'ultraface-anchors'> = {
    kind: 'ultraface-anchors',
    outputs: { scores: 'scores', boxes: 'boxes' },
    faceIndex: 1,
    levels: [
      { stride: 8, minBoxes: [10, 16], centreOffsetY: 0 },
      { stride: 16, minBoxes: [32], centreOffsetY: -3 },
    ],
    centreVariance: 0.1,
    sizeVariance: 0.2,
  };
  // 32x16 input: 4x2 cells of two anchors, then 2x1 cells of one: 18 anchors.
  const anchors = 18;

  it('decodes an anchor of the first level: cell (2, 1), second box size', () => {
    const anchor = (1 * 4 + 2) * 2 + 1;
    const raw: RawDetections = {
      width: 32,
      height: 16,
      outputs: {
        scores: sparse(anchors * 2, { [anchor * 2 + 1]: 0.9, 0: 0.99 }),
        boxes: sparse(anchors * 4, { [anchor * 4]: 2, [anchor * 4 + 1]: -1, [anchor * 4 + 2]: 5 * Math.LN2 }),
      },
    };
    const [box, ...more] = decodeDetections(decoder, raw, 0, 0.5);
    expect(more).toEqual([]);
    // Centre 20 + 2 * 0.1 * 16 = 23.2, 12 - 0.1 * 16 = 10.4; width 16 * exp(0.2 * 5 ln 2) = 32, height 16.
    expect(box?.x).toBeCloseTo(23.2 - 16, 4);
    expect(box?.y).toBeCloseTo(10.4 - 8, 4);
    expect(box?.width).toBeCloseTo(32, 4);
    expect(box?.height).toBeCloseTo(16, 4);
    expect(box?.score).toBeCloseTo(0.9, 6);
  });

  it('decodes later levels with their offset, and the second picture of a batch', () => {
    const anchor = anchors + 16 + 1;
    const raw: RawDetections = {
      width: 32,
      height: 16,
      outputs: {
        scores: sparse(2 * anchors * 2, { [anchor * 2 + 1]: 0.8 }),
        boxes: sparse(2 * anchors * 4, {}),
      },
    };
    expect(decodeDetections(decoder, raw, 0, 0.5)).toEqual([]);
    const [box] = decodeDetections(decoder, raw, 1, 0.5);
    expect([box?.x, box?.y, box?.width, box?.height]).toEqual([24 - 16, 5 - 16, 32, 32]);
  });

  it('refuses outputs that are not there or too short', () => {
    const raw = { width: 32, height: 16, outputs: { scores: tensor([0, 1], 1, 1, 2) } };
    expect(() => decodeDetections(decoder, raw, 0, 0.5)).toThrow(MienError);
    expect(() => decodeDetections(decoder, { ...raw, outputs: {} }, 0, 0.5)).toThrow(/no output scores/);
  });
});

describe('YuNet', () => {
  const decoder: DecoderOf<'yunet'> = {
    kind: 'yunet',
    levels: [{ stride: 8, outputs: { classes: 'cls', objectness: 'obj', boxes: 'bbox', points: 'kps' } }],
  };

  it('scores by the geometric mean and reads offsets and sizes in strides', () => {
    const cell = 1 * 3 + 2;
    const raw: RawDetections = {
      width: 24,
      height: 16,
      outputs: {
        cls: sparse(6, { [cell]: 0.81, 0: 1 }),
        obj: sparse(6, { [cell]: 1.2 }),
        bbox: sparse(24, {
          [cell * 4]: 0.5,
          [cell * 4 + 1]: 0.25,
          [cell * 4 + 2]: Math.LN2,
          [cell * 4 + 3]: 0,
        }),
      },
    };
    const [box, ...more] = decodeDetections(decoder, raw, 0, 0.6);
    expect(more).toEqual([]);
    expect(box?.score).toBeCloseTo(0.9, 5);
    expect(box?.x).toBeCloseTo(2.5 * 8 - 8, 4);
    expect(box?.y).toBeCloseTo(1.25 * 8 - 4, 4);
    expect([box?.width, box?.height].map((side) => Math.round(side ?? 0))).toEqual([16, 8]);
  });
});

describe('SCRFD', () => {
  const decoder: DecoderOf<'scrfd'> = {
    kind: 'scrfd',
    anchorsPerCell: 2,
    levels: [
      { stride: 8, outputs: { scores: 's8', boxes: 'b8' } },
      { stride: 16, outputs: { scores: 's16', boxes: 'b16' } },
    ],
  };

  it('reads distances to the four sides, in strides, from every level', () => {
    const fine = (1 * 4 + 3) * 2 + 1;
    const raw: RawDetections = {
      width: 32,
      height: 16,
      outputs: {
        s8: sparse(16, { [fine]: 0.7 }),
        b8: sparse(64, { [fine * 4]: 1, [fine * 4 + 1]: 0.5, [fine * 4 + 2]: 2, [fine * 4 + 3]: 1.5 }),
        s16: sparse(4, { 2: 0.6 }),
        b16: sparse(16, { 8: 1, 9: 1, 10: 1, 11: 1 }),
      },
    };
    const boxes = decodeDetections(decoder, raw, 0, 0.5).map(({ x, y, width, height }) => [
      x,
      y,
      width,
      height,
    ]);
    expect(boxes).toEqual([
      [24 - 8, 8 - 4, 24, 16],
      [16 - 16, 0 - 16, 32, 32],
    ]);
  });
});
