import { MienError } from '@mien/errors';
import type { FaceOnLine } from '@mien/proto';
import sharp from 'sharp';

/**
 * The aligned face that the embedder saw, as a PNG: every pixel is kept, so that another embedding model can make its
 * template from it later. Throws INTERNAL when the line left no aligned pixels.
 */
export async function alignedPicture({ aligned }: FaceOnLine): Promise<Buffer> {
  if (aligned?.pixels?.$case !== 'rgb') {
    throw new MienError('INTERNAL', 'a face came to be enrolled without its aligned pixels');
  }
  const { width, height } = aligned;
  return sharp(aligned.pixels.value, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}
