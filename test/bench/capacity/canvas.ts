import sharp from 'sharp';

/** Longer side of a face's picture on a canvas, at most. */
export const FACE_PICTURE_SIDE = 480;

/** A grey picture with those side by side. */
export async function canvas(
  { width, height }: { readonly width: number; readonly height: number },
  faces: readonly Buffer[],
): Promise<Buffer> {
  const columns = Math.max(1, Math.ceil(Math.sqrt(faces.length)));
  const rows = Math.max(1, Math.ceil(faces.length / columns));
  const cell = { width: Math.floor(width / columns), height: Math.floor(height / rows) };
  const side = Math.min(cell.width, cell.height, FACE_PICTURE_SIDE);
  const tiles = await Promise.all(
    faces.map(async (face, index) => ({
      input: await sharp(face).resize({ width: side, height: side, fit: 'inside' }).toBuffer(),
      left: (index % columns) * cell.width,
      top: Math.floor(index / columns) * cell.height,
    })),
  );
  return sharp({ create: { width, height, channels: 3, background: { r: 118, g: 121, b: 124 } } })
    .composite(tiles)
    .jpeg({ quality: 92 })
    .toBuffer();
}
