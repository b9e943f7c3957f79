import { MienError } from '@mien/errors';
import type { FaceOnLine } from '@mien/proto';
import { type RgbImage, rgbImage } from '@mien/vision';

/** Throws INTERNAL when the landmark stage, which cuts the aligned face, left none. */
export function alignedPicture({ aligned }: FaceOnLine): RgbImage {
  if (aligned?.pixels?.$case !== 'rgb') {
    throw new MienError('INTERNAL', 'a face came to the embedder without its aligned pixels');
  }
  return rgbImage(aligned.pixels.value, aligned.width, aligned.height);
}
