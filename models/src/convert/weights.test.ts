import { parseGraphModel } from './graph-model';
import { readWeights } from './weights';

function weightsOf(weights: object[], shard: Buffer): Map<string, number[]> {
  const json = JSON.stringify({
    modelTopology: { node: [] },
    weightsManifest: [{ paths: ['a.bin'], weights }],
  });
  const constants = readWeights(parseGraphModel(json), [shard]);
  return new Map([...constants].map(([name, { values }]) => [name, [...values]]));
}

test('8-bit, 16-bit and half-float weights lie one after another and are scaled back', () => {
  const shard = Buffer.concat([
    Buffer.from([0, 128, 255]),
    Buffer.from(Uint16Array.of(0, 65535).buffer),
    Buffer.from(Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00).buffer),
    Buffer.from(Uint8Array.of(1, 3)),
  ]);
  const weights = weightsOf(
    [
      { name: 'bytes', shape: [3], dtype: 'float32', quantization: { dtype: 'uint8', scale: 0.5, min: -64 } },
      { name: 'words', shape: [2], dtype: 'float32', quantization: { dtype: 'uint16', scale: 2, min: 1 } },
      { name: 'halves', shape: [5], dtype: 'float32', quantization: { dtype: 'float16' } },
      { name: 'whole', shape: [2], dtype: 'int32', quantization: { dtype: 'uint8', scale: 0.6, min: 0 } },
    ],
    shard,
  );
  expect(weights.get('bytes')).toEqual([-64, 0, 63.5]);
  expect(weights.get('words')).toEqual([1, 131071]);
  expect(weights.get('halves')).toEqual([1, -2, 2 ** -24, 65504, Number.POSITIVE_INFINITY]);
  expect(weights.get('whole')).toEqual([1, 2]);
});

test('a shard that ends early is refused', () => {
  const spec = { name: 'cut', shape: [4], dtype: 'float32' };
  expect(() => weightsOf([spec], Buffer.alloc(15))).toThrow(
    expect.objectContaining({ reason: 'malformed-model', message: expect.stringContaining('cut') }),
  );
});
