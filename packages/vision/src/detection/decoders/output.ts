import { MienError } from '@mien/errors';
import type { RawDetections } from './decoder';

/** The numbers of one picture in a named output; `perPicture` is how many there must be. */
export function pictureOutput(
  raw: RawDetections,
  name: string,
  index: number,
  perPicture: number,
): Float32Array {
  const tensor = raw.outputs[name];
  if (tensor === undefined) {
    throw new MienError('MODEL_PACK_INVALID', `the detection model has no output ${name}`);
  }
  const start = index * perPicture;
  if (tensor.data.length < start + perPicture) {
    throw new MienError(
      'MODEL_PACK_INVALID',
      `output ${name} of the detection model has ${tensor.data.length} numbers for picture ${index}, not ${perPicture} each`,
    );
  }
  return tensor.data.subarray(start, start + perPicture);
}

/** Cells of a feature map over `pixels` of input. The networks' strided convolutions round up. */
export function cells(pixels: number, stride: number): number {
  return Math.ceil(pixels / stride);
}
