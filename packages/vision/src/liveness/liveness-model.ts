import { MienError } from '@mien/errors';
import type { PackedModel } from '@mien/models';
import type { RgbImage } from '../image/rgb-image';
import { inputTensor } from '../inference/input-tensor';
import { type InferenceOptions, ModelSession } from '../inference/model-session';
import { imageInput } from '../inference/model-tensors';

/** Faces in one inference: more costs memory and brings no speed. */
const BATCH = 16;
/** Log odds beyond this say no more: float32 softmax is at 0 or 1 there. */
const MOST_LOG_ODDS = 12;

/** The pack's liveness network. */
export class LivenessModel {
  private constructor(
    private readonly session: ModelSession,
    private readonly model: PackedModel<'liveness'>,
  ) {}

  static async open(model: PackedModel<'liveness'>, options: InferenceOptions): Promise<LivenessModel> {
    return new LivenessModel(await ModelSession.open(model.path, options), model);
  }

  /** The natural logarithm of the odds that each crop shows a live face. */
  async logOdds(crops: readonly RgbImage[]): Promise<number[]> {
    const batch = this.model.input.batch ? BATCH : 1;
    const odds: number[] = [];
    for (let start = 0; start < crops.length; start += batch) {
      odds.push(...(await this.batchLogOdds(crops.slice(start, start + batch))));
    }
    return odds;
  }

  private async batchLogOdds(crops: readonly RgbImage[]): Promise<number[]> {
    const { input, outputs, liveness } = this.model;
    const results = await this.session.run({
      [input.name]: inputTensor(crops, imageInput(input), this.session.memory),
    });
    const scores = results[outputs.scores.name]?.data ?? new Float32Array();
    const classes = scores.length / crops.length;
    if (!Number.isInteger(classes) || classes < 2) {
      throw new MienError(
        'MODEL_PACK_INVALID',
        `output ${outputs.scores.name} should have a score for each of two classes or more`,
      );
    }
    return crops.map((_, i) => {
      const own = [...scores.subarray(i * classes, (i + 1) * classes)];
      const logits = liveness.softmax
        ? own
        : own.map((probability) => Math.log(Math.max(probability, 1e-12)));
      return logOddsOf(logits, liveness.liveIndex);
    });
  }

  async close(): Promise<void> {
    await this.session.close();
  }
}

/** Log odds of one class against all others: its logit less the logarithm of the others' summed exponentials. */
function logOddsOf(logits: readonly number[], index: number): number {
  const others = logits.filter((_, i) => i !== index);
  const highest = Math.max(...others);
  const rest = highest + Math.log(others.reduce((sum, logit) => sum + Math.exp(logit - highest), 0));
  return Math.min(MOST_LOG_ODDS, Math.max(-MOST_LOG_ODDS, (logits[index] ?? -Infinity) - rest));
}
