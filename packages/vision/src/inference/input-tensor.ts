import { MienError } from '@mien/errors';
import type { RgbImage } from '../image/rgb-image';
import type { TensorValue } from './inference-messages';
import type { TensorMemory } from './tensor-memory';

/** How a model wants its pictures; read from the pack's manifest. */
export interface ImageInput {
  /** NCHW: plane after plane; NHWC: channels interleaved. */
  readonly layout: 'NCHW' | 'NHWC';
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly colour: 'RGB' | 'BGR' | 'GREY';
  /** Value fed = (byte - mean) / std, one entry per channel, in the order of `colour`. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** Luma weights of R, G and B: ITU-R BT.601. */
const LUMA = { red: 0.299, green: 0.587, blue: 0.114 } as const;

/**
 * A batch of pictures as the tensor that a model takes. Every picture has the input's width and height. Throws
 * INTERNAL when one has not, MODEL_PACK_INVALID when the input's mean or std does not fit its channels. The numbers lie
 * in the memory given, that of the session which is to run them, or in new one.
 */
export function inputTensor(
  pictures: readonly RgbImage[],
  input: ImageInput,
  memory?: TensorMemory,
): TensorValue {
  const { layout, width, height, colour, mean, std } = input;
  const channels = colour === 'GREY' ? 1 : 3;
  if (mean.length !== channels || std.length !== channels || std.includes(0)) {
    throw new MienError('MODEL_PACK_INVALID', `mean and std need ${channels} entries each, std none of zero`);
  }
  const area = width * height;
  const length = pictures.length * area * channels;
  const data = memory?.lend(length) ?? new Float32Array(length);
  pictures.forEach((picture, index) => {
    if (picture.width !== width || picture.height !== height) {
      throw new MienError(
        'INTERNAL',
        `a ${picture.width}x${picture.height} picture for a ${width}x${height} input`,
      );
    }
    const start = index * area * channels;
    for (let channel = 0; channel < channels; channel++) {
      const scale = 1 / (std[channel] ?? 1);
      const offset = -(mean[channel] ?? 0) * scale;
      const target =
        layout === 'NCHW'
          ? { start: start + channel * area, step: 1 }
          : { start: start + channel, step: channels };
      if (colour === 'GREY') {
        writeLuma(picture.data, data, target, scale, offset);
      } else {
        writeChannel(picture.data, colour === 'RGB' ? channel : 2 - channel, data, target, scale, offset);
      }
    }
  });
  const dims =
    layout === 'NCHW'
      ? [pictures.length, channels, height, width]
      : [pictures.length, height, width, channels];
  return { data, dims };
}

/** Where a channel of one picture goes: its first element and the distance to the next. */
interface Run {
  readonly start: number;
  readonly step: number;
}

function writeChannel(
  rgb: Uint8Array,
  from: number,
  data: Float32Array,
  target: Run,
  scale: number,
  offset: number,
): void {
  let at = target.start;
  for (let i = from; i < rgb.length; i += 3, at += target.step) {
    // The index is inside by construction; the default only satisfies the type.
    data[at] = (rgb[i] ?? 0) * scale + offset;
  }
}

function writeLuma(rgb: Uint8Array, data: Float32Array, target: Run, scale: number, offset: number): void {
  let at = target.start;
  for (let i = 0; i < rgb.length; i += 3, at += target.step) {
    const luma = LUMA.red * (rgb[i] ?? 0) + LUMA.green * (rgb[i + 1] ?? 0) + LUMA.blue * (rgb[i + 2] ?? 0);
    data[at] = luma * scale + offset;
  }
}
