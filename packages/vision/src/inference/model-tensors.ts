import { MienError } from '@mien/errors';
import type { ModelInput } from '@mien/models';
import type { TensorValue } from './inference-messages';
import type { ImageInput } from './input-tensor';

/** The side of a model's square input. Throws MODEL_PACK_INVALID when it is not square or not fixed. */
export function squareSide(input: ModelInput): number {
  if (input.size.kind !== 'fixed' || input.size.width !== input.size.height) {
    throw new MienError('MODEL_PACK_INVALID', `input ${input.name} should be a square of fixed size`);
  }
  return input.size.width;
}

/** How a model's square input is to be filled. */
export function imageInput(input: ModelInput): ImageInput {
  const side = squareSide(input);
  const colour = input.colour === 'GRAY' ? 'GREY' : input.colour;
  return { layout: input.layout, width: side, height: side, colour, mean: input.mean, std: input.std };
}

/** The values of an output. Throws MODEL_PACK_INVALID when the model has no such output or it is of another size. */
export function outputOf(results: Record<string, TensorValue>, name: string, length: number): Float32Array {
  const data = results[name]?.data;
  if (data?.length !== length) {
    throw new MienError(
      'MODEL_PACK_INVALID',
      `output ${name} should have ${length} values, it has ${data?.length ?? 'none'}`,
    );
  }
  return data;
}
