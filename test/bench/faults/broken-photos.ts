import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { Reason } from '@mien/errors';
import { packagedPhotos } from '../../photos/packaged';

interface BrokenPhoto {
  readonly name: string;
  /** The reason that it must be refused with. */
  readonly reason: Reason;
  make(): Promise<Buffer>;
}

const MEBIBYTE = 1_048_576;

export const BROKEN_PHOTOS: readonly BrokenPhoto[] = [
  { name: 'zero bytes', reason: 'IMAGE_MISSING', make: async () => Buffer.alloc(0) },
  {
    name: 'text',
    reason: 'IMAGE_FORMAT_UNSUPPORTED',
    make: async () => Buffer.from('this is not a photo at all'),
  },
  { name: 'random bytes', reason: 'IMAGE_FORMAT_UNSUPPORTED', make: async () => randomBytes(100_000) },
  { name: 'JPEG cut to a half', reason: 'IMAGE_CORRUPT', make: async () => cut(await photo(), 0.5) },
  {
    name: 'JPEG of a header only',
    reason: 'IMAGE_CORRUPT',
    make: async () => (await photo()).subarray(0, 20),
  },
  {
    name: 'JPEG with noise for its headers',
    reason: 'IMAGE_CORRUPT',
    make: async () => noisy(await photo()),
  },
  {
    name: 'JPEG of 11 MiB',
    reason: 'IMAGE_TOO_LARGE',
    make: async () => padded(await photo(), 11 * MEBIBYTE),
  },
  {
    name: 'PNG that claims 60000x60000',
    reason: 'IMAGE_DIMENSIONS_TOO_LARGE',
    make: async () => pngHeader(60_000),
  },
  {
    name: 'PNG that claims 7000x7000',
    reason: 'IMAGE_DIMENSIONS_TOO_LARGE',
    make: async () => pngHeader(7_000),
  },
];

async function photo(): Promise<Buffer> {
  return readFile(packagedPhotos()[0]?.path ?? '');
}

function cut(bytes: Buffer, share: number): Buffer {
  return bytes.subarray(0, Math.floor(bytes.length * share));
}

function noisy(bytes: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, 4), randomBytes(2_000), bytes.subarray(2_004)]);
}

function padded(bytes: Buffer, length: number): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(length - bytes.length)]);
}

/** A PNG whose header promises a square of that side; a decoder that believes it asks for the memory. */
function pngHeader(side: number): Buffer {
  const data = Buffer.alloc(17);
  data.write('IHDR', 0, 'ascii');
  data.writeUInt32BE(side, 4);
  data.writeUInt32BE(side, 8);
  data.set([8, 2, 0, 0, 0], 12);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(13);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(data));
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), length, data, check, Buffer.alloc(100)]);
}
