import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { among } from '../campaign';
import { mutation } from './mutations';
import { textFor } from './text-values';
import { fixed32, fixed64, lengthDelimited, tag, varint, WIRE } from './wire';

/** Floats and whole numbers at the edges of what their types hold, and beyond. */
const FLOATS = [0, -0, 1, -1, 0.5, 40, 100, 100.001, 1e38, -1e38, Number.NaN, Infinity, -Infinity, 1e-45];
const INTEGERS = [
  0n,
  1n,
  4n,
  5n,
  20n,
  120n,
  1000n,
  1001n,
  4000n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 63n,
  2n ** 64n - 1n,
];

/** Entries of lists that are far too long. */
const MANY = 20_000;
const NESTED = 12_000;

/** Encoded requests of a message: right ones, wrong ones, and such as are no message at all. */
export class MessageBytes {
  private readonly known = new Map<string, fc.Arbitrary<Buffer>>();

  /** @param photos that fields of bytes may hold, beside noise */
  constructor(private readonly photos: readonly Buffer[]) {}

  of(message: DescMessage): fc.Arbitrary<Buffer> {
    const whole = this.whole(message);
    return among(
      [24, whole],
      [6, fc.tuple(whole, mutation).map(([bytes, change]) => change(bytes))],
      [2, fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes))],
      [1, huge(message)],
    );
  }

  /** Fields of the message in any order and number, most of them as they should be. */
  private whole(message: DescMessage): fc.Arbitrary<Buffer> {
    const known = this.known.get(message.typeName);
    if (known !== undefined) {
      return known;
    }
    const fields = message.fields.map((field): readonly [number, fc.Arbitrary<Buffer>] => [
      4,
      this.field(field),
    ]);
    const made = fc
      .array(among(...fields, [1, wrongField(message)]), {
        maxLength: message.fields.length + 3,
        size: 'max',
      })
      .map((parts) => Buffer.concat(parts));
    this.known.set(message.typeName, made);
    return made;
  }

  private field(field: DescField): fc.Arbitrary<Buffer> {
    if (field.message !== undefined) {
      return this.whole(field.message).map((bytes) => lengthDelimited(field.number, bytes));
    }
    if (field.enum !== undefined) {
      const numbers = field.enum.values.map((value) => BigInt(value.number));
      return number(field, fc.constantFrom(...numbers, ...numbers, -1n, 99n, 2n ** 31n));
    }
    switch (field.fieldKind === 'map' ? undefined : field.scalar) {
      case ScalarType.STRING:
        return among(
          [12, textFor(field).map((text) => Buffer.from(text))],
          [1, fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes))],
        ).map((bytes) => lengthDelimited(field.number, bytes));
      case ScalarType.BYTES:
        return this.content().map((bytes) => lengthDelimited(field.number, bytes));
      case ScalarType.FLOAT:
        return this.floats(field);
      case ScalarType.DOUBLE:
        return fc
          .constantFrom(...FLOATS)
          .map((value) => Buffer.concat([tag(field.number, WIRE.fixed64), fixed64(value)]));
      case ScalarType.BOOL:
        return number(field, fc.constantFrom(0n, 1n, 1n, 7n));
      default:
        return number(field, fc.constantFrom(...INTEGERS));
    }
  }

  private content(): fc.Arbitrary<Buffer> {
    const noise = fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes));
    return among(
      [6, noise],
      [2, noise.map((bytes) => Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), bytes]))],
      [1, fc.constantFrom(...this.photos)],
    );
  }

  private floats(field: DescField): fc.Arbitrary<Buffer> {
    const one = fc.oneof(fc.constantFrom(...FLOATS), fc.float());
    if (field.fieldKind !== 'list') {
      return one.map((value) => Buffer.concat([tag(field.number, WIRE.fixed32), fixed32(value)]));
    }
    return among(
      [2, fc.array(one, { maxLength: 8 })],
      [
        2,
        fc.tuple(one, fc.constantFrom(512, 511, 1, 4_096)).map(([value, count]) => Array(count).fill(value)),
      ],
    ).map((values: number[]) => lengthDelimited(field.number, Buffer.concat(values.map(fixed32))));
  }
}

function number(field: DescField, values: fc.Arbitrary<bigint>): fc.Arbitrary<Buffer> {
  return values.map((value) => Buffer.concat([tag(field.number, WIRE.varint), varint(value)]));
}

/** A field with another type than it has, or one that nobody knows. */
function wrongField(message: DescMessage): fc.Arbitrary<Buffer> {
  const known = message.fields.map((field) => field.number);
  return fc
    .tuple(
      fc.constantFrom(...known, 0, 15, 16, 999, 2 ** 29 - 1),
      fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 7),
      fc.uint8Array({ maxLength: 24 }),
      fc.constantFrom(undefined, 0n, 5n, 2n ** 31n, 2n ** 32n, 2n ** 63n),
    )
    .map(([number, wireType, bytes, length]) =>
      Buffer.concat([
        tag(number, wireType),
        wireType === WIRE.bytes ? varint(length ?? BigInt(bytes.length)) : Buffer.alloc(0),
        bytes,
      ]),
    );
}

/** Few bytes for the generator, much work for a reader that does not look after itself. */
function huge(message: DescMessage): fc.Arbitrary<Buffer> {
  const field = message.fields.length > 0 ? fc.constantFrom(...message.fields) : fc.constant(undefined);
  return fc.tuple(field, fc.nat(4)).map(([chosen, kind]) => {
    const at = chosen?.number ?? 1;
    switch (kind) {
      case 0:
        return repeated(lengthDelimited(at, Buffer.from('x')), MANY);
      case 1:
        return lengthDelimited(at, Buffer.alloc(1_000_000, 'y'));
      case 2:
        return repeated(tag(999, WIRE.startGroup), NESTED);
      case 3:
        return nested(at);
      default:
        return repeated(Buffer.concat([tag(at, WIRE.varint), varint(1n)]), MANY);
    }
  });
}

function repeated(piece: Buffer, times: number): Buffer {
  return Buffer.concat(Array.from({ length: times }, () => piece));
}

function nested(field: number): Buffer {
  let bytes: Buffer = Buffer.alloc(0);
  for (let depth = 0; depth < 300; depth += 1) {
    bytes = lengthDelimited(field, bytes);
  }
  return bytes;
}
