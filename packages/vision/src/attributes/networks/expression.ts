import type { ModelPack, PackedModel } from '@mien/models';
import type { RgbImage } from '../../image/rgb-image';
import { inputTensor } from '../../inference/input-tensor';
import { type InferenceOptions, ModelSession } from '../../inference/model-session';
import { imageInput, outputOf, squareSide } from '../../inference/model-tensors';
import { softmax } from '../probability';

/** The expression network. */
export class ExpressionNetwork {
  private constructor(
    private readonly session: ModelSession,
    readonly model: PackedModel<'expression'>,
    /** Side of the square pictures that it takes. */
    readonly side: number,
  ) {}

  /** Throws PackError or MODEL_PACK_INVALID. */
  static async open(pack: ModelPack, options: InferenceOptions): Promise<ExpressionNetwork> {
    const model = pack.model('expression');
    return new ExpressionNetwork(
      await ModelSession.open(model.path, options),
      model,
      squareSide(model.input),
    );
  }

  /** For each picture the probability of each of the model's labels, in their order; they add up to 1. */
  async run(pictures: readonly RgbImage[]): Promise<number[][]> {
    const { input, outputs, expression } = this.model;
    const labels = expression.labels.length;
    const results = await this.session.run({
      [input.name]: inputTensor(pictures, imageInput(input), this.session.memory),
    });
    const scores = outputOf(results, outputs.scores.name, pictures.length * labels);
    return pictures.map((_, index) => {
      const row = [...scores.subarray(index * labels, (index + 1) * labels)];
      return expression.softmax ? softmax(row) : row;
    });
  }

  async close(): Promise<void> {
    await this.session.close();
  }
}
