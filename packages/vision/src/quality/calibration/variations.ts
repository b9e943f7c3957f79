import sharp from 'sharp';
import { type RgbImage, rgbImage } from '../../image/rgb-image';

/** Numbers 0..1 from a fixed sequence, so that a fit can be repeated. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state / 0x80000000;
  };
}

/**
 * The face as worse photos would show it: blurred, under other light, with a colour cast, noise or without colour.
 * None of these is a cover, and the model must not take them for one.
 */
export async function varied(face: RgbImage, random: () => number): Promise<RgbImage> {
  const raw = { width: face.width, height: face.height, channels: 3 as const };
  const sigma = random() < 0.6 ? 0.4 + random() * 3 : 0;
  const source =
    sigma > 0 ? await sharp(Buffer.from(face.data), { raw }).blur(sigma).raw().toBuffer() : face.data;
  const gamma = Math.exp((random() - 0.5) * 1.2);
  const gain = Math.exp((random() - 0.65) * 1.2);
  const casts = [Math.exp((random() - 0.5) * 0.16), 1, Math.exp((random() - 0.5) * 0.16)];
  const noise = random() < 0.3 ? random() * 8 : 0;
  const grey = random() < 0.04;
  const data = new Uint8ClampedArray(source.length);
  for (let at = 0; at < source.length; at += 3) {
    const grain = noise * (random() + random() + random() - 1.5);
    const [red = 0, green = 0, blue = 0] = casts.map(
      (cast, channel) => 255 * ((source[at + channel] ?? 0) / 255) ** gamma * gain * cast + grain,
    );
    const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
    data.set(grey ? [luma, luma, luma] : [red, green, blue], at);
  }
  return rgbImage(new Uint8Array(data.buffer), face.width, face.height);
}
