import { MienError } from '@mien/errors';
import type { Image } from '@mien/proto';
import { probePhoto } from '@mien/vision/photo-header';
import type { PhotoFetcher } from '../usecases/ports';
import type { GivenPhoto } from './action';
import { TencentError } from './errors/tencent-error';

/** Of the base64 text. */
const MOST_CHARACTERS = 5 * 1024 * 1024;
const LONGEST_SIDE = { jpeg: 4_000, others: 2_000 } as const;
const SHORTEST_SIDE = 64;

/**
 * An image of a request, held to this interface's limits, which are narrower than ours. Throws the codes of images, and
 * what PhotoFetcher throws.
 */
export async function givenPhoto(
  { Image: base64, Url: url }: GivenPhoto,
  fetcher: PhotoFetcher,
  signal: AbortSignal,
): Promise<Image> {
  const bytes = url ? await fetcher.fetch(url, signal) : decoded(base64);
  checkPhoto(bytes);
  return { source: { $case: 'content', value: bytes } };
}

function decoded(base64: string | undefined): Buffer {
  if (!base64) {
    throw new TencentError('InvalidParameterValue.ImageEmpty');
  }
  if (base64.length > MOST_CHARACTERS) {
    throw new TencentError('FailedOperation.ImageSizeExceed');
  }
  return Buffer.from(base64, 'base64');
}

function checkPhoto(bytes: Buffer): void {
  if (Math.ceil(bytes.length / 3) * 4 > MOST_CHARACTERS) {
    throw new TencentError('FailedOperation.ImageSizeExceed');
  }
  const { format, width, height } = headerOf(bytes);
  if (format === 'webp') {
    throw new TencentError('FailedOperation.ImageDecodeFailed');
  }
  if (Math.max(width, height) > LONGEST_SIDE[format === 'jpeg' ? 'jpeg' : 'others']) {
    throw new TencentError('FailedOperation.ImageResolutionExceed');
  }
  if (Math.min(width, height) < SHORTEST_SIDE) {
    throw new TencentError('FailedOperation.ImageResolutionTooSmall');
  }
}

function headerOf(bytes: Buffer) {
  try {
    return probePhoto(bytes);
  } catch (error) {
    // A text that is no base64 decodes to nothing.
    const empty = error instanceof MienError && error.reason === 'IMAGE_MISSING';
    throw empty ? new TencentError('FailedOperation.ImageDecodeFailed') : error;
  }
}
