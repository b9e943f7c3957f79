import sharp from 'sharp';

/** Small pictures without anybody, one of each format: what requests hold that are about something else. */
export async function smallPhotos(): Promise<Buffer[]> {
  const picture = sharp({ create: { width: 48, height: 40, channels: 3, background: '#7a8b9c' } });
  return await Promise.all([picture.jpeg().toBuffer(), picture.png().toBuffer(), picture.webp().toBuffer()]);
}
