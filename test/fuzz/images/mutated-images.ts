import fc from 'fast-check';
import { among } from '../campaign';
import { mutation } from '../protos/mutations';
import { bomb, boundaries, numberFields, part, withRightChecksums, writeNumber } from './chunks';
import type { Sample } from './samples';

/** Sizes and lengths at the edges: of what is read, of what types hold, of what fits into memory. */
const NUMBERS = [
  0,
  1,
  2,
  19,
  20,
  21,
  255,
  256,
  4_000,
  7_999,
  8_001,
  16_383,
  32_767,
  65_535,
  2 ** 24 - 1,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
];
const KINDS = [
  'IDAT',
  'iCCP',
  'eXIf',
  'tEXt',
  'zTXt',
  'iTXt',
  'PLTE',
  'tRNS',
  'acTL',
  'fdAT',
  'IEND',
  'IHDR',
  'EXIF',
  'ICCP',
  'ANIM',
  'ANMF',
  'VP8X',
  'VP8 ',
  'ALPH',
  'XMP ',
  '\u0001',
  '\u0002',
  '\u000e',
];
const EXIF = Buffer.from('4578696600004d4d002a00000008', 'hex');
const SCRIPT = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
);

/** As many as tell a format from others. */
const MAGIC_BYTES = 12;

type Change = (bytes: Buffer, sample: Sample) => Buffer;

const number: fc.Arbitrary<Change> = fc
  .tuple(fc.nat(), fc.constantFrom(...NUMBERS))
  .map(([which, value]) => (bytes, sample) => {
    const fields = numberFields(sample);
    const field = fields[which % fields.length];
    return field === undefined ? bytes : writeNumber(bytes, field, value);
  });

const contents = among<Buffer>(
  [4, fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes))],
  [2, fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.concat([EXIF, bytes]))],
  [1, fc.constant(Buffer.concat([Buffer.from('ICC_PROFILE\0\u0001\u0001', 'latin1'), Buffer.alloc(200, 7)]))],
  [1, fc.constant(bomb(8_000_000))],
  [1, fc.constant(Buffer.alloc(70_000, 'a'))],
  [1, fc.constant(SCRIPT)],
);

const inserted: fc.Arbitrary<Change> = fc
  .tuple(fc.nat(), fc.constantFrom(...KINDS), contents)
  .map(([which, kind, data]) => (bytes, sample) => {
    const places = boundaries(sample);
    const at = places[which % Math.max(1, places.length)] ?? bytes.length;
    return Buffer.concat([bytes.subarray(0, at), part(sample, kind, data), bytes.subarray(at)]);
  });

/** A whole part again, elsewhere. */
const moved: fc.Arbitrary<Change> = fc.tuple(fc.nat(), fc.nat()).map(([from, to]) => (bytes, sample) => {
  const places = boundaries(sample);
  const start = places[from % Math.max(1, places.length)] ?? 0;
  const end = places.find((place) => place > start) ?? bytes.length;
  const at = places[to % Math.max(1, places.length)] ?? bytes.length;
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(start, end), bytes.subarray(at)]);
});

const bytewise: fc.Arbitrary<Change> = mutation.map((change) => (bytes) => change(bytes));

/** Files of the samples with one to three changes, PNGs mostly with checksums that are right again. */
export function mutatedImages(samples: readonly Sample[]): fc.Arbitrary<Buffer> {
  const changes = fc.array(among<Change>([5, bytewise], [4, number], [2, inserted], [1, moved]), {
    minLength: 1,
    maxLength: 3,
  });
  const mutated = fc
    .tuple(fc.constantFrom(...samples), changes, fc.noBias(fc.nat(7)))
    .map(([sample, all, repair]) => {
      const changed = all.reduce((bytes, change) => change(bytes, sample), sample.bytes);
      if (repair === 0) {
        return changed;
      }
      // What does not begin like a photo is never looked at further.
      const begun = Buffer.concat([sample.bytes.subarray(0, MAGIC_BYTES), changed.subarray(MAGIC_BYTES)]);
      return withRightChecksums(sample, begun);
    });
  const glued = fc
    .tuple(fc.constantFrom(...samples), fc.constantFrom(...samples), fc.constantFrom(0, 2, 3, 8, 12, 54))
    .map(([first, second, bytes]) =>
      Buffer.concat([first.bytes.subarray(0, bytes || undefined), second.bytes]),
    );
  const noise = fc
    .tuple(
      fc.constantFrom('ffd8ff', '89504e470d0a1a0a', '52494646ffffffff57454250', '424d'),
      fc.uint8Array({ maxLength: 120 }),
    )
    .map(([magic, bytes]) => Buffer.concat([Buffer.from(magic, 'hex'), bytes]));
  return among([20, mutated], [2, glued], [2, noise]);
}
