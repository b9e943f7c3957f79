import type { ModelOf } from '@mien/models';
import { type Attributes, Mask } from '@mien/proto';
import { type RgbImage, rgbImage } from '../image/rgb-image';

/** How an embedding model compares what masks leave free, as the pack's manifest holds it. */
export type UpperFaceSettings = NonNullable<ModelOf<'embedding'>['embedding']['upperFace']>;

/** From this probability on a mask over mouth or nose counts as worn; models/cards/embedding.md has what that finds. */
const LIKELY = 0.5;

/**
 * Whether a mask is likely to cover mouth or nose. A mask on the chin covers too little to leave the rest of the face
 * out. False when nothing is known of masks.
 */
export function maskIsLikely({ mask }: Pick<Attributes, 'mask'>): boolean {
  const covers = mask?.value === Mask.MASK_MOUTH || mask?.value === Mask.MASK_FULL;
  return covers && mask.probability >= LIKELY;
}

/**
 * The aligned face with all that lies under a row painted black. Rows count on the template of 112 pixels: eyes lie at
 * 52, the nose tip at 72, the mouth at 92.
 */
export function hiddenBelow(aligned: RgbImage, row: number): RgbImage {
  const { width, height } = aligned;
  const data = Uint8Array.from(aligned.data);
  data.fill(0, Math.round((row * height) / TEMPLATE_SIDE) * width * 3);
  return rgbImage(data, width, height);
}

const TEMPLATE_SIDE = 112;

/** The middle of upper faces' vectors as the manifest holds it: base64 of little-endian 32-bit floats. */
export function readCentre(base64: string): Float32Array {
  const bytes = Buffer.from(base64, 'base64');
  return Float32Array.from({ length: bytes.length >> 2 }, (_, index) => bytes.readFloatLE(index * 4));
}
