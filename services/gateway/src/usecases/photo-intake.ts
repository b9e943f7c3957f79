import { MienError } from '@mien/errors';
import type { Image } from '@mien/proto';
import { imageFormat } from './image-format';
import { MAX_IMAGE_BYTES } from './limits';
import type { PhotoFetcher } from './ports';

/**
 * The bytes of a photo, given or fetched, that look like a photo of a kind we read.
 * Throws IMAGE_MISSING, IMAGE_TOO_LARGE, IMAGE_FORMAT_UNSUPPORTED and what PhotoFetcher throws, the field named.
 */
export async function obtainPhoto(
  image: Image | undefined,
  field: string,
  fetcher: PhotoFetcher,
  signal: AbortSignal,
): Promise<Buffer> {
  const source = image?.source;
  if (source === undefined || source.value.length === 0) {
    throw new MienError('IMAGE_MISSING', `${field} has neither content nor a url`, { metadata: { field } });
  }
  const bytes = source.$case === 'content' ? source.value : await fetcher.fetch(source.value, signal);
  checkPhotoBytes(bytes, field);
  return bytes;
}

/** Throws IMAGE_MISSING, IMAGE_TOO_LARGE and IMAGE_FORMAT_UNSUPPORTED. */
export function checkPhotoBytes(bytes: Buffer, field: string): void {
  if (bytes.length === 0) {
    throw new MienError('IMAGE_MISSING', `${field} is empty`, { metadata: { field } });
  }
  if (bytes.length > MAX_IMAGE_BYTES) {
    throw new MienError('IMAGE_TOO_LARGE', `${field} has more than ${MAX_IMAGE_BYTES} bytes`, {
      metadata: { field, limitBytes: String(MAX_IMAGE_BYTES) },
    });
  }
  if (imageFormat(bytes) === undefined) {
    throw new MienError('IMAGE_FORMAT_UNSUPPORTED', `${field} is not a JPEG, PNG, WebP or BMP file`, {
      metadata: { field },
    });
  }
}
