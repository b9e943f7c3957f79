import { randomBytes } from 'node:crypto';
import { AesGcmCipher } from '@mien/encryption';
import { templateOf } from '../testing/people';
import { TemplateCodec } from './codec';
import { fuseTemplates } from './fuse';
import { bytesOfVector } from './vector';

const cosine = (a: Float32Array, b: Float32Array) => {
  const dot = (x: Float32Array, y: Float32Array) =>
    x.reduce((sum, value, index) => sum + value * (y[index] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
};

describe('fused templates', () => {
  it('are the mean direction, whatever the lengths', () => {
    const x = Float32Array.of(10, 0, 0);
    const y = Float32Array.of(0, 0.1, 0);
    const fused = fuseTemplates([x, y]);
    expect([...fused]).toEqual([Math.fround(Math.SQRT1_2), Math.fround(Math.SQRT1_2), 0]);
    expect([...fuseTemplates([x, x, y])].map((value) => Math.round(value * 1e6))).toEqual([
      894427, 447214, 0,
    ]);
  });

  it('have length 1 and lie between the templates', () => {
    const templates = [1, 2, 3, 4].map(templateOf);
    const fused = fuseTemplates(templates);
    expect(fused.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 6);
    for (const template of templates) {
      // Four directions at right angles: the mean is at cos 0.5 to each.
      expect(cosine(fused, template)).toBeGreaterThan(0.4);
    }
    expect(cosine(fuseTemplates([templates[0] ?? fused]), templates[0] ?? fused)).toBeCloseTo(1, 6);
  });

  it('do not exist without a direction', () => {
    for (const templates of [[], [Float32Array.of(1, 0), Float32Array.of(-1, 0)], [new Float32Array(3)]]) {
      expect(() => fuseTemplates(templates)).toThrow(expect.objectContaining({ reason: 'ARGUMENT_INVALID' }));
    }
    expect(() => fuseTemplates([Float32Array.of(1, 0), Float32Array.of(1)])).toThrow('one length');
  });
});

describe('stored templates', () => {
  const vector = templateOf(5);
  const cipher = new AesGcmCipher(randomBytes(32));

  it.each([
    ['plain', undefined],
    ['encrypted', cipher],
  ])('come back bit by bit, %s', (_name, given) => {
    const codec = new TemplateCodec(given);
    expect(codec.decode(codec.encode(vector, 'face', 'v1'), 'face', 'v1')).toEqual(vector);
  });

  it('are unreadable and never the same twice when encrypted', () => {
    const codec = new TemplateCodec(cipher);
    const [a, b] = [codec.encode(vector, 'face', 'v1'), codec.encode(vector, 'face', 'v1')];
    expect(Buffer.from(a.bytes).equals(b.bytes)).toBe(false);
    expect(Buffer.from(a.bytes).includes(bytesOfVector(vector).subarray(0, 16))).toBe(false);
  });

  it('do not open changed, cut, as another face, or with another key', () => {
    const codec = new TemplateCodec(cipher);
    const stored = codec.encode(vector, 'face', 'v1');
    const unreadable = expect.objectContaining({ reason: 'RECORD_UNREADABLE' });
    for (const position of [0, 12, 1000, stored.bytes.length - 1]) {
      const bytes = Buffer.from(stored.bytes);
      bytes.writeUInt8(bytes.readUInt8(position) ^ 1, position);
      expect(() => codec.decode({ ...stored, bytes }, 'face', 'v1')).toThrow(unreadable);
    }
    for (const length of [0, 20, 500]) {
      expect(() =>
        codec.decode({ ...stored, bytes: stored.bytes.subarray(0, length) }, 'face', 'v1'),
      ).toThrow(unreadable);
      expect(() =>
        codec.decode({ keyId: null, bytes: stored.bytes.subarray(0, length) }, 'face', 'v1'),
      ).toThrow(unreadable);
    }
    expect(() => codec.decode(stored, 'other', 'v1')).toThrow(unreadable);
    expect(() => codec.decode(stored, 'face', 'v2')).toThrow(unreadable);
    expect(() => new TemplateCodec(new AesGcmCipher(randomBytes(32))).decode(stored, 'face', 'v1')).toThrow(
      unreadable,
    );
    expect(() => new TemplateCodec(undefined).decode(stored, 'face', 'v1')).toThrow(unreadable);
  });

  it('stay readable when the key is changed', () => {
    const [old, next] = [randomBytes(32), randomBytes(32)];
    const stored = new TemplateCodec(new AesGcmCipher(old)).encode(vector, 'face', 'v1');
    const codec = new TemplateCodec(new AesGcmCipher(next, old));
    expect(codec.decode(stored, 'face', 'v1')).toEqual(vector);
    expect(codec.encode(vector, 'face', 'v1').keyId).toBe(new AesGcmCipher(next).keyId);
  });
});
