import { type RgbImage, rgbImage } from '../../image/rgb-image';

/** A picture under construction: interleaved RGB, 0..255, not rounded and not clipped. */
export interface Canvas {
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
}

export type Colour = readonly [red: number, green: number, blue: number];

export function blankCanvas(width: number, height: number, colour: Colour): Canvas {
  const data = new Float32Array(width * height * 3);
  for (let i = 0; i < data.length; i++) {
    data[i] = colour[i % 3] ?? 0;
  }
  return { data, width, height };
}

export function toCanvas(image: RgbImage): Canvas {
  return { data: new Float32Array(image.data), width: image.width, height: image.height };
}

export function toImage(canvas: Canvas): RgbImage {
  const data = new Uint8ClampedArray(canvas.data.length);
  data.set(canvas.data);
  return rgbImage(new Uint8Array(data.buffer), canvas.width, canvas.height);
}

/** Changes every value in place: `change(value, channel, x, y)`. */
export function mapCanvas(
  canvas: Canvas,
  change: (value: number, channel: number, x: number, y: number) => number,
): void {
  const { data, width } = canvas;
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / 3);
    data[i] = change(data[i] ?? 0, i % 3, pixel % width, Math.floor(pixel / width));
  }
}

/** Gaussian blur, separable, edges repeated. */
export function blur(canvas: Canvas, sigma: number): Canvas {
  if (sigma < 0.2) {
    return canvas;
  }
  const radius = Math.ceil(2.5 * sigma);
  const kernel = Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const total = kernel.reduce((sum, weight) => sum + weight, 0);
  const pass = (
    from: Float32Array,
    length: number,
    step: number,
    lines: number,
    lineStep: number,
  ): Float32Array => {
    const to = new Float32Array(from.length);
    for (let line = 0; line < lines; line++) {
      for (let i = 0; i < length; i++) {
        let red = 0;
        let green = 0;
        let blue = 0;
        for (let k = -radius; k <= radius; k++) {
          const j = line * lineStep + Math.min(length - 1, Math.max(0, i + k)) * step;
          const weight = kernel[k + radius] ?? 0;
          red += (from[j] ?? 0) * weight;
          green += (from[j + 1] ?? 0) * weight;
          blue += (from[j + 2] ?? 0) * weight;
        }
        const target = line * lineStep + i * step;
        to[target] = red / total;
        to[target + 1] = green / total;
        to[target + 2] = blue / total;
      }
    }
    return to;
  };
  const { width, height } = canvas;
  const across = pass(canvas.data, width, 3, height, width * 3);
  return { data: pass(across, height, width * 3, width, 3), width, height };
}
