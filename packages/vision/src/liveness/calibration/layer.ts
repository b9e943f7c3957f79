import type { Canvas } from './canvas';
import { type Homography, invertHomography, project } from './homography';

/** A flat thing to be drawn: a picture with its opacity (0..1) per pixel. */
export interface Layer extends Canvas {
  readonly alpha: Float32Array;
}

/** Changes one colour value as the camera sees it: `channel` at the layer position (u, v). */
export type Effect = (value: number, channel: number, u: number, v: number) => number;

export function opaqueLayer(canvas: Canvas): Layer {
  return { ...canvas, alpha: new Float32Array(canvas.width * canvas.height).fill(1) };
}

/** Rounds the corners of a layer in place. */
export function roundCorners(layer: Layer, radius: number): void {
  const { width, height, alpha } = layer;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const dx = Math.max(radius - x, x - (width - 1 - radius), 0);
      const dy = Math.max(radius - y, y - (height - 1 - radius), 0);
      alpha[y * width + x] = Math.min(1, Math.max(0, radius + 0.5 - Math.hypot(dx, dy)));
    }
  }
}

/** Draws a layer onto the canvas through `toTarget`, bilinearly, each colour passed through the effects in order. */
export function drawLayer(
  canvas: Canvas,
  layer: Layer,
  toTarget: Homography,
  effects: readonly Effect[] = [],
): void {
  const inverse = invertHomography(toTarget);
  const colour = new Float64Array(3);
  for (let y = 0; y < canvas.height; y++) {
    for (let x = 0; x < canvas.width; x++) {
      const { x: u, y: v } = project(inverse, x, y);
      const alpha = sampleAlpha(layer, u, v);
      if (alpha <= 0) {
        continue;
      }
      sampleColour(layer, u, v, colour);
      for (let channel = 0; channel < 3; channel++) {
        let value = colour[channel] ?? 0;
        for (const effect of effects) {
          value = effect(value, channel, u, v);
        }
        const i = (y * canvas.width + x) * 3 + channel;
        canvas.data[i] = (canvas.data[i] ?? 0) * (1 - alpha) + value * alpha;
      }
    }
  }
}

/** Opacity between the pixels; it falls to zero over the pixel outside the edge. */
function sampleAlpha(layer: Layer, u: number, v: number): number {
  const { width, height, alpha } = layer;
  if (!(u > -1 && v > -1 && u < width && v < height)) {
    return 0;
  }
  const x = Math.floor(u);
  const y = Math.floor(v);
  const fx = u - x;
  const fy = v - y;
  const read = (px: number, py: number): number =>
    px < 0 || py < 0 || px >= width || py >= height ? 0 : (alpha[py * width + px] ?? 0);
  return (
    (read(x, y) * (1 - fx) + read(x + 1, y) * fx) * (1 - fy) +
    (read(x, y + 1) * (1 - fx) + read(x + 1, y + 1) * fx) * fy
  );
}

/** Reads the colour at a position between the pixels into `colour`; the edge is repeated outside. */
export function sampleColour(canvas: Canvas, u: number, v: number, colour: Float64Array): void {
  const { width, height, data } = canvas;
  const cu = Math.min(width - 1, Math.max(0, u));
  const cv = Math.min(height - 1, Math.max(0, v));
  const x = Math.floor(cu);
  const y = Math.floor(cv);
  const fx = cu - x;
  const fy = cv - y;
  const here = (y * width + x) * 3;
  const right = here + (x + 1 < width ? 3 : 0);
  const below = y + 1 < height ? width * 3 : 0;
  for (let channel = 0; channel < 3; channel++) {
    const upper = (data[here + channel] ?? 0) * (1 - fx) + (data[right + channel] ?? 0) * fx;
    const lower = (data[here + below + channel] ?? 0) * (1 - fx) + (data[right + below + channel] ?? 0) * fx;
    colour[channel] = upper * (1 - fy) + lower * fy;
  }
}
