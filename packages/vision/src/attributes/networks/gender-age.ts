import type { ModelPack, PackedModel } from '@mien/models';
import type { RgbImage } from '../../image/rgb-image';
import { inputTensor } from '../../inference/input-tensor';
import { type InferenceOptions, ModelSession } from '../../inference/model-session';
import { imageInput, outputOf, squareSide } from '../../inference/model-tensors';

/** What the gender-age network says of one picture. */
export interface GenderAgeOutput {
  /** The raw gender output, 0..1. */
  readonly gender: number;
  /** Probability of each age, a year a bin. */
  readonly ages: Float32Array;
  /** What the network sees in the picture; undefined when the pack's model does not give it. */
  readonly descriptor: Float32Array | undefined;
}

/** The gender-age network, whose descriptor also carries what a face wears. */
export class GenderAgeNetwork {
  private constructor(
    private readonly session: ModelSession,
    readonly model: PackedModel<'gender-age'>,
    /** Side of the square pictures that it takes. */
    readonly side: number,
  ) {}

  /** Throws PackError or MODEL_PACK_INVALID. */
  static async open(pack: ModelPack, options: InferenceOptions): Promise<GenderAgeNetwork> {
    const model = pack.model('gender-age');
    return new GenderAgeNetwork(await ModelSession.open(model.path, options), model, squareSide(model.input));
  }

  /** One answer for each picture, all in one inference. */
  async run(pictures: readonly RgbImage[]): Promise<GenderAgeOutput[]> {
    const { input, outputs } = this.model;
    const results = await this.session.run({
      [input.name]: inputTensor(pictures, imageInput(input), this.session.memory),
    });
    const count = pictures.length;
    const genders = outputOf(results, outputs.gender.name, count);
    const ages = rows(results[outputs.age.name]?.data, count);
    const descriptors = outputs.descriptor ? rows(results[outputs.descriptor.name]?.data, count) : [];
    return pictures.map((_, index) => ({
      gender: genders[index] ?? 0,
      ages: ages[index] ?? new Float32Array(),
      descriptor: descriptors[index],
    }));
  }

  async close(): Promise<void> {
    await this.session.close();
  }
}

/** Cuts a [count, n] output into its rows. */
function rows(data: Float32Array | undefined, count: number): Float32Array[] {
  const values = data ?? new Float32Array();
  const length = values.length / count;
  return Array.from({ length: count }, (_, index) => values.slice(index * length, (index + 1) * length));
}
