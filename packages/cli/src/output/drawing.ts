import sharp from 'sharp';
import { type DrawnFace, faceOverlay } from './face-overlay';

/** Writes the photo, turned upright, with its faces drawn in. The file's ending says its format (.png, .jpg, .webp). */
export async function drawFaces(photo: Buffer, faces: readonly DrawnFace[], target: string): Promise<void> {
  const upright = await sharp(photo).autoOrient().toBuffer({ resolveWithObject: true });
  const { width, height } = upright.info;
  const overlay = Buffer.from(faceOverlay(faces, width, height));
  await sharp(upright.data)
    .composite([{ input: overlay }])
    .toFile(target);
}
