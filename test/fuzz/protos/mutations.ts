import fc from 'fast-check';
import { among } from '../campaign';

/** A change to some bytes, told in numbers that hold for bytes of any length. */
export type Mutation = (bytes: Buffer) => Buffer;

/** A place in the bytes, as a share of their length: any as likely as any other. */
const place = fc.noBias(fc.nat(2 ** 24 - 1)).map((part) => part / 2 ** 24);

const at = (bytes: Buffer, share: number) => Math.min(bytes.length, Math.floor(share * bytes.length));

const flip = fc.tuple(place, fc.nat(7)).map(
  ([share, bit]): Mutation =>
    (bytes) => {
      const copy = Buffer.from(bytes);
      const index = at(bytes, share);
      copy[index] = (copy[index] ?? 0) ^ (1 << bit);
      return copy;
    },
);

const overwrite = fc.tuple(place, fc.uint8Array({ minLength: 1, maxLength: 8 })).map(
  ([share, value]): Mutation =>
    (bytes) => {
      const copy = Buffer.from(bytes);
      copy.set(value.subarray(0, copy.length - at(bytes, share)), at(bytes, share));
      return copy;
    },
);

const truncate = place.map(
  (share): Mutation =>
    (bytes) =>
      bytes.subarray(0, at(bytes, share)),
);

const insert = fc.tuple(place, fc.uint8Array({ minLength: 1, maxLength: 16 })).map(
  ([share, value]): Mutation =>
    (bytes) =>
      Buffer.concat([bytes.subarray(0, at(bytes, share)), value, bytes.subarray(at(bytes, share))]),
);

const remove = fc.tuple(place, fc.integer({ min: 1, max: 64 })).map(
  ([share, length]): Mutation =>
    (bytes) =>
      Buffer.concat([bytes.subarray(0, at(bytes, share)), bytes.subarray(at(bytes, share) + length)]),
);

const repeat = fc.tuple(place, place, fc.integer({ min: 1, max: 4 })).map(
  ([from, to, times]): Mutation =>
    (bytes) => {
      const piece = bytes.subarray(at(bytes, Math.min(from, to)), at(bytes, Math.max(from, to)));
      return Buffer.concat([bytes, ...Array.from({ length: times }, () => piece)]);
    },
);

/** One to four changes, one after the other. */
export const mutation: fc.Arbitrary<Mutation> = fc
  .array(among([5, flip], [4, overwrite], [2, truncate], [2, insert], [2, remove], [1, repeat]), {
    minLength: 1,
    maxLength: 4,
  })
  .map((steps) => (bytes) => steps.reduce((changed, step) => step(changed), bytes));
