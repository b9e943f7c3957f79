import { crc32, deflateSync } from 'node:zlib';
import type { Sample } from './samples';

/** Where a file holds a number that readers go by: sizes, lengths, counts. */
export interface NumberField {
  readonly at: number;
  readonly bytes: 1 | 2 | 3 | 4;
  readonly endian: 'big' | 'little';
}

export function writeNumber(file: Buffer, { at, bytes, endian }: NumberField, value: number): Buffer {
  const copy = Buffer.from(file);
  const bounded = value % 2 ** (8 * bytes);
  if (at + bytes <= copy.length) {
    if (endian === 'big') {
      copy.writeUIntBE(bounded, at, bytes);
    } else {
      copy.writeUIntLE(bounded, at, bytes);
    }
  }
  return copy;
}

const BMP_FIELDS: readonly NumberField[] = [
  ...[2, 10, 14, 18, 22, 30, 34, 46, 50].map((at): NumberField => ({ at, bytes: 4, endian: 'little' })),
  ...[26, 28].map((at): NumberField => ({ at, bytes: 2, endian: 'little' })),
];

/** The numbers of a file's structure. */
export function numberFields({ format, bytes }: Sample): readonly NumberField[] {
  switch (format) {
    case 'jpeg':
      return jpegFields(bytes);
    case 'png':
      return pngFields(bytes);
    case 'webp':
      return webpFields(bytes);
    case 'bmp':
      return BMP_FIELDS;
  }
}

/** The same file with right checksums, so that readers look further than at those. */
export function withRightChecksums({ format }: Sample, bytes: Buffer): Buffer {
  if (format !== 'png') {
    return bytes;
  }
  const copy = Buffer.from(bytes);
  for (let at = 8; at + 12 <= copy.length; ) {
    const end = at + 8 + copy.readUInt32BE(at);
    if (end + 4 > copy.length) {
      break;
    }
    copy.writeUInt32BE(crc32(copy.subarray(at + 4, end)), end);
    at = end + 4;
  }
  return copy;
}

/** Places between the parts of a file. */
export function boundaries({ format, bytes }: Sample): number[] {
  switch (format) {
    case 'jpeg':
      return jpegSegments(bytes);
    case 'png':
      return riffOrPng(bytes, 8, (at) => 12 + bytes.readUInt32BE(at));
    case 'webp':
      return riffOrPng(bytes, 12, (at) => 8 + 2 * Math.ceil(bytes.readUInt32LE(at + 4) / 2));
    case 'bmp':
      return [14, 54];
  }
}

/** A part of the format's own, with that type and those contents. */
export function part({ format }: Sample, kind: string, data: Buffer): Buffer {
  if (format === 'png') {
    const body = Buffer.concat([Buffer.from(kind.padEnd(4).slice(0, 4), 'latin1'), data]);
    return Buffer.concat([uint32(data.length), body, uint32(crc32(body))]);
  }
  if (format === 'webp') {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(data.length);
    return Buffer.concat([Buffer.from(kind.padEnd(4).slice(0, 4), 'latin1'), length, data]);
  }
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Math.min(65_535, data.length + 2));
  return Buffer.concat([
    Buffer.from([0xff, 0xe0 | (kind.charCodeAt(0) & 0xf)]),
    length,
    data.subarray(0, 65_533),
  ]);
}

/** Much out of little: what a reader of a compressed text or profile unpacks without end. */
export function bomb(bytes: number): Buffer {
  return Buffer.concat([Buffer.from('icc\0\0', 'latin1'), deflateSync(Buffer.alloc(bytes))]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

function jpegSegments(bytes: Buffer): number[] {
  const places: number[] = [];
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff; at += 2 + bytes.readUInt16BE(at + 2)) {
    places.push(at);
  }
  return places;
}

function jpegFields(bytes: Buffer): NumberField[] {
  return jpegSegments(bytes).flatMap((at): NumberField[] => [
    { at: at + 1, bytes: 1, endian: 'big' },
    { at: at + 2, bytes: 2, endian: 'big' },
    { at: at + 4, bytes: 1, endian: 'big' },
    { at: at + 5, bytes: 2, endian: 'big' },
    { at: at + 7, bytes: 2, endian: 'big' },
    { at: at + 9, bytes: 1, endian: 'big' },
  ]);
}

function pngFields(bytes: Buffer): NumberField[] {
  const lengths = boundaries({ format: 'png', bytes }).map(
    (at): NumberField => ({ at, bytes: 4, endian: 'big' }),
  );
  return [
    ...lengths,
    { at: 16, bytes: 4, endian: 'big' },
    { at: 20, bytes: 4, endian: 'big' },
    ...[24, 25, 26, 27, 28].map((at): NumberField => ({ at, bytes: 1, endian: 'big' })),
  ];
}

function webpFields(bytes: Buffer): NumberField[] {
  const lengths = boundaries({ format: 'webp', bytes }).map(
    (at): NumberField => ({ at: at + 4, bytes: 4, endian: 'little' }),
  );
  return [
    ...lengths,
    { at: 4, bytes: 4, endian: 'little' },
    { at: 20, bytes: 1, endian: 'little' },
    { at: 21, bytes: 4, endian: 'little' },
    { at: 24, bytes: 3, endian: 'little' },
    { at: 27, bytes: 3, endian: 'little' },
    { at: 26, bytes: 2, endian: 'little' },
    { at: 28, bytes: 2, endian: 'little' },
  ];
}

function riffOrPng(bytes: Buffer, start: number, sizeAt: (at: number) => number): number[] {
  const places: number[] = [];
  for (let at = start; at + 8 <= bytes.length; at += sizeAt(at)) {
    places.push(at);
  }
  return places;
}
