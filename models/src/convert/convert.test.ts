import { faceCrops } from '../fixtures/face-crops';
import { largestDifference, openSession, runSession, toChannelsFirst } from '../fixtures/onnx-session';
import { loadReference, runReference, startTensorFlow } from '../fixtures/tensorflow';
import { convertGraphModel } from './convert';

interface Case {
  name: string;
  side: number;
  channels: 1 | 3;
  outputs: Record<string, string>;
  /** Pixel value to network input. */
  normalise: (value: number) => number;
}

const unit = (value: number): number => value / 255;
const signed = (value: number): number => value / 127.5 - 1;

const CASES: readonly Case[] = [
  {
    name: 'facemesh',
    side: 192,
    channels: 3,
    outputs: { mesh: 'Identity_2:0', presence: 'Identity_1:0', contours: 'Identity:0' },
    normalise: unit,
  },
  { name: 'iris', side: 64, channels: 3, outputs: { points: 'Identity' }, normalise: unit },
  {
    name: 'faceres',
    side: 224,
    channels: 3,
    outputs: { gender: 'gender_pred/Sigmoid', age: 'age_pred/Softmax', descriptor: 'global_pooling/Mean' },
    normalise: (value) => value - 116,
  },
  { name: 'emotion', side: 64, channels: 1, outputs: { scores: 'Identity' }, normalise: signed },
  {
    name: 'blazeface',
    side: 256,
    channels: 3,
    outputs: { a: 'Identity', b: 'Identity_1', c: 'Identity_2', d: 'Identity_3' },
    normalise: signed,
  },
  {
    name: 'mobileface',
    side: 112,
    channels: 3,
    outputs: { vector: 'batchnorm0/add_1' },
    normalise: (v) => v,
  },
  {
    name: 'blazepose-lite',
    side: 256,
    channels: 3,
    outputs: { a: 'Identity', segmentation: 'Identity_2', heat: 'Identity_3' },
    normalise: unit,
  },
];

const FACES = 4;

beforeAll(startTensorFlow);

describe.each(CASES)('$name', ({ name, side, channels, outputs, normalise }) => {
  async function inputs(): Promise<Float32Array> {
    const crops = await faceCrops(side, side, channels);
    return Float32Array.from(Buffer.concat(crops), normalise);
  }

  test('converted, answers as TensorFlow.js does on real faces, alone and in a batch', async () => {
    const { json, shard, model } = await loadReference(name);
    const session = await openSession(convertGraphModel(json, [shard], outputs));
    const data = await inputs();
    const size = data.length / FACES;
    const firstChannels = toChannelsFirst(data, channels, side * side);
    const batch = await runSession(session, firstChannels, [FACES, channels, side, side]);
    for (let face = 0; face < FACES; face++) {
      const slice = (values: Float32Array, step: number) => values.subarray(face * step, (face + 1) * step);
      const expected = await runReference(
        model,
        slice(data, size),
        [1, side, side, channels],
        [...Object.values(outputs)],
      );
      const single = await runSession(session, slice(firstChannels, size), [1, channels, side, side]);
      Object.keys(outputs).forEach((output, index) => {
        const reference = expected[index] ?? new Float32Array();
        const scale = reference.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
        const alone = single[output] ?? new Float32Array();
        const together = slice(batch[output] ?? new Float32Array(), reference.length);
        expect(reference.length).toBeGreaterThan(0);
        expect(largestDifference(alone, reference) / scale).toBeLessThan(1e-4);
        expect(largestDifference(together, alone) / scale).toBeLessThan(1e-5);
      });
    }
    model.dispose();
  });
});
