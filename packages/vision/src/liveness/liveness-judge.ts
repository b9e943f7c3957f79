import type { ModelPack, PackedModel } from '@mien/models';
import type { Liveness } from '@mien/proto';
import type { InferenceOptions } from '../inference/model-session';
import { combinedScore, type Evidence } from './combination';
import { type FaceToJudge, regionsOf } from './face-to-judge';
import { LivenessModel } from './liveness-model';
import { refusalOf } from './refusal';
import { measureSignals } from './signals/signals';

/** Judges from one photo whether a face was live before the camera, or a print or a screen was. */
export class LivenessJudge {
  private constructor(
    private readonly network: LivenessModel,
    private readonly settings: PackedModel<'liveness'>['liveness'],
  ) {}

  /** Opens the pack's liveness model. Throws PackError or MODEL_PACK_INVALID. */
  static async open(pack: ModelPack, options: InferenceOptions): Promise<LivenessJudge> {
    const model = pack.model('liveness');
    return new LivenessJudge(await LivenessModel.open(model, options), model.liveness);
  }

  /**
   * One answer for each face, in the order given: a score 0..100 and `live` when it reaches the threshold (0..100;
   * the pack's own when left out), or, for a face that can't be judged, the reason why.
   */
  async judge(faces: readonly FaceToJudge[], threshold = this.settings.threshold): Promise<Liveness[]> {
    const refusals = faces.map((face) => refusalOf(face, this.settings.minFaceSize));
    const judged = faces.filter((_, i) => refusals[i] === undefined);
    const scores = new Map((await this.scores(judged)).map((score, i) => [judged[i], score]));
    return faces.map((face, i) => {
      const score = scores.get(face) ?? 0;
      const refusalReason = refusals[i] ?? '';
      return { score, live: refusalReason === '' && score >= threshold, threshold, refusalReason };
    });
  }

  /** The figures that the score is made from, for calibration; faces are not refused. */
  async evidence(faces: readonly FaceToJudge[]): Promise<Evidence[]> {
    const odds = await this.network.logOdds(faces.map((face) => face.liveness.image));
    return faces.map((face, i) => ({
      ...measureSignals(face.context.image, regionsOf(face)),
      model: odds[i] ?? 0,
    }));
  }

  private async scores(faces: readonly FaceToJudge[]): Promise<number[]> {
    const { combination } = this.settings;
    if (combination !== undefined) {
      return (await this.evidence(faces)).map((evidence) => combinedScore(evidence, combination));
    }
    const odds = await this.network.logOdds(faces.map((face) => face.liveness.image));
    return odds.map((logOdds) => 100 / (1 + Math.exp(-logOdds)));
  }

  async close(): Promise<void> {
    await this.network.close();
  }
}
