import { MienError } from '@mien/errors';
import sharp from 'sharp';
import { decodeBmp } from './bmp';
import { corrupt, type PhotoHeader, probePhoto } from './probe';
import { type RgbImage, rgbImage } from './rgb-image';

/** What a photo may be. Checked before a single pixel is decoded. */
export interface PhotoLimits {
  /** Size of the encoded file, in bytes. */
  readonly maxBytes: number;
  /** Longer side, in pixels. */
  readonly maxSide: number;
  /** Shorter side, in pixels. */
  readonly minSide: number;
  /** Width times height. */
  readonly maxPixels: number;
}

/**
 * Decodes a photo to 8-bit sRGB with its EXIF orientation applied, transparency flattened on white; of an animated
 * WebP the first frame. Throws IMAGE_MISSING, IMAGE_FORMAT_UNSUPPORTED, IMAGE_TOO_LARGE,
 * IMAGE_DIMENSIONS_TOO_LARGE, IMAGE_DIMENSIONS_TOO_SMALL or IMAGE_CORRUPT.
 */
export async function decodePhoto(bytes: Buffer, limits: PhotoLimits): Promise<RgbImage> {
  checkBytes(bytes.length, limits);
  const header = probePhoto(bytes);
  checkSize(header, limits);
  return header.format === 'bmp' ? decodeBmp(bytes) : decodeWithVips(bytes, header);
}

/**
 * Sets how many threads one decode may use, for the whole process, and turns off libvips' cache of operations: no
 * photo is decoded twice, and a cache would keep its pixels.
 */
export function setDecodeThreads(threads: number): void {
  sharp.concurrency(threads);
  sharp.cache(false);
}

function checkBytes(bytes: number, limits: PhotoLimits): void {
  if (bytes > limits.maxBytes) {
    throw new MienError('IMAGE_TOO_LARGE', `the photo has more than ${limits.maxBytes} bytes`, {
      metadata: { bytes: String(bytes), maxBytes: String(limits.maxBytes) },
    });
  }
}

function checkSize({ width, height }: PhotoHeader, limits: PhotoLimits): void {
  const metadata = { width: String(width), height: String(height) };
  if (Math.max(width, height) > limits.maxSide) {
    const message = `the photo is ${width}x${height}; its longer side may have ${limits.maxSide} pixels`;
    throw new MienError('IMAGE_DIMENSIONS_TOO_LARGE', message, { metadata });
  }
  if (width * height > limits.maxPixels) {
    const message = `the photo is ${width}x${height}; it may have ${limits.maxPixels} pixels`;
    throw new MienError('IMAGE_DIMENSIONS_TOO_LARGE', message, { metadata });
  }
  if (Math.min(width, height) < limits.minSide) {
    const message = `the photo is ${width}x${height}; its shorter side must have ${limits.minSide} pixels`;
    throw new MienError('IMAGE_DIMENSIONS_TOO_SMALL', message, { metadata });
  }
}

async function decodeWithVips(bytes: Buffer, header: PhotoHeader): Promise<RgbImage> {
  try {
    // The decoder must agree with the header that was checked; what it only warns of is still a readable photo.
    const pixels = sharp(bytes, { failOn: 'error', limitInputPixels: header.width * header.height });
    const { data, info } = await pixels
      .autoOrient()
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return asRgb(data, info.width, info.height, info.channels);
  } catch (cause) {
    throw corrupt(header.format, cause);
  }
}

function asRgb(data: Buffer, width: number, height: number, channels: number): RgbImage {
  if (channels === 3) {
    return rgbImage(data, width, height);
  }
  if (channels !== 1) {
    throw new MienError('INTERNAL', `decoded to ${channels} channels`);
  }
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0, at = 0; i < data.length; i++, at += 3) {
    rgb.fill(data[i] ?? 0, at, at + 3);
  }
  return rgbImage(rgb, width, height);
}
