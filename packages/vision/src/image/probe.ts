import { MienError } from '@mien/errors';

/** The kinds of file that are read. */
export type PhotoFormat = 'jpeg' | 'png' | 'webp' | 'bmp';

/** What a file's header says, before any pixel is decoded and before EXIF orientation. */
export interface PhotoHeader {
  readonly format: PhotoFormat;
  readonly width: number;
  readonly height: number;
}

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * Reads format and size from the first bytes of a file. Throws IMAGE_MISSING when there are no bytes,
 * IMAGE_FORMAT_UNSUPPORTED when it is not one of the four formats and IMAGE_CORRUPT when it is, but its header
 * makes no sense.
 */
export function probePhoto(bytes: Buffer): PhotoHeader {
  if (bytes.length === 0) {
    throw new MienError('IMAGE_MISSING', 'the photo has no bytes');
  }
  const format = formatOf(bytes);
  if (format === undefined) {
    throw new MienError('IMAGE_FORMAT_UNSUPPORTED', 'the photo is not a JPEG, PNG, WebP or BMP file');
  }
  const size = sizeOf(format, bytes);
  if (size === undefined || size.width < 1 || size.height < 1) {
    throw corrupt(format);
  }
  return { format, ...size };
}

export function corrupt(format: PhotoFormat, cause?: unknown): MienError {
  return new MienError('IMAGE_CORRUPT', `the ${format} file is damaged or cut short`, {
    cause,
    metadata: { format },
  });
}

function formatOf(bytes: Buffer): PhotoFormat | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) {
    return 'jpeg';
  }
  if (bytes.subarray(0, 8).equals(PNG_SIGNATURE)) {
    return 'png';
  }
  if (bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP') {
    return 'webp';
  }
  return bytes.toString('latin1', 0, 2) === 'BM' ? 'bmp' : undefined;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function sizeOf(format: PhotoFormat, bytes: Buffer): Size | undefined {
  switch (format) {
    case 'jpeg':
      return jpegSize(bytes);
    case 'png':
      return pngSize(bytes);
    case 'webp':
      return webpSize(bytes);
    case 'bmp':
      return bmpSize(bytes);
  }
}

/** Walks the segments up to the first start of frame (ITU-T T.81, B.1.1.3: C0..CF but for DHT, JPG and DAC). */
function jpegSize(bytes: Buffer): Size | undefined {
  let at = 2;
  while (at + 9 <= bytes.length) {
    if (bytes[at] !== 0xff) {
      return undefined;
    }
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      // A fill byte, or a marker without a length.
      at += marker === 0xff ? 1 : 2;
      continue;
    }
    const frame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (frame) {
      return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    }
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return undefined;
}

function pngSize(bytes: Buffer): Size | undefined {
  if (bytes.length < 24 || bytes.toString('latin1', 12, 16) !== 'IHDR') {
    return undefined;
  }
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

/** The three kinds of first chunk that RFC 9649 knows: lossy, lossless and extended. */
function webpSize(bytes: Buffer): Size | undefined {
  if (bytes.length < 30) {
    return undefined;
  }
  switch (bytes.toString('latin1', 12, 16)) {
    case 'VP8 ':
      return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
    case 'VP8L': {
      const bits = bytes.readUInt32LE(21);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8X':
      return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
    default:
      return undefined;
  }
}

function bmpSize(bytes: Buffer): Size | undefined {
  if (bytes.length < 26) {
    return undefined;
  }
  // The old OS/2 header (12 bytes) has 16-bit sides; a negative height means that the top row comes first.
  return bytes.readUInt32LE(14) === 12
    ? { width: bytes.readUInt16LE(18), height: bytes.readUInt16LE(20) }
    : { width: bytes.readInt32LE(18), height: Math.abs(bytes.readInt32LE(22)) };
}
