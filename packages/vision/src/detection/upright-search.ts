import type { ModelPack } from '@mien/models';
import type { RgbImage } from '../image/rgb-image';
import type { InferenceOptions } from '../inference/model-session';
import { type Candidate, longerSide } from './box';
import { DetectionNetwork } from './network';
import { levelImages, planLevels } from './pyramid';
import { SecondOpinion } from './second-opinion';
import { suppress } from './suppress';
import { type DetectorTuning, tuningOf } from './tuning';

/**
 * What score and presence must make together (their product) where the mesh model was asked. On the development
 * photos 98 % of the true boxes of 20 pixels and all larger ones reach it, and one false box in fifty does (a cat).
 */
export const JOINT_BELIEF = 0.5;

/** A face found in a photo as it stands. */
export interface UprightFace extends Candidate {
  /** The mesh model's belief that the box holds an upright face; 1 where it was not asked. */
  readonly presence: number;
}

/** Finds the faces of a photo that stand upright, or nearly so. */
export class UprightSearch {
  private constructor(
    private readonly network: DetectionNetwork,
    private readonly opinion: SecondOpinion | undefined,
    private readonly tuning: DetectorTuning,
  ) {}

  static async open(pack: ModelPack, options: InferenceOptions): Promise<UprightSearch> {
    const model = pack.model('detection');
    const network = await DetectionNetwork.open(model, options);
    return new UprightSearch(network, await SecondOpinion.open(pack, options), tuningOf(model.decoder));
  }

  /**
   * Each face once. `askAlways` has the mesh model asked about every box, so that `presence` tells how upright a
   * face stands; otherwise it is asked about the weak ones only.
   */
  async find(photo: RgbImage, minFaceSize: number, askAlways: boolean): Promise<UprightFace[]> {
    const { sure, weak, alone } = this.tuning;
    const candidates = suppress(await this.candidates(photo, minFaceSize, this.opinion ? weak : alone));
    if (!this.opinion) {
      return candidates.map((candidate) => ({ ...candidate, presence: 1 }));
    }
    const asked = candidates.filter(({ score }) => askAlways || score < sure);
    const presences = await this.opinion.presences(photo, asked);
    const presenceOf = new Map(asked.map((candidate, index) => [candidate, presences[index] ?? 0]));
    return candidates
      .map((candidate) => ({ ...candidate, presence: presenceOf.get(candidate) ?? 1 }))
      .filter(({ score, presence }) => score >= sure || score * presence >= JOINT_BELIEF);
  }

  async close(): Promise<void> {
    await this.network.close();
    await this.opinion?.close();
  }

  /** The boxes of all levels, each level's of the sizes that it answers for, in pixels of the photo. */
  private async candidates(photo: RgbImage, minFaceSize: number, threshold: number): Promise<Candidate[]> {
    const levels = planLevels(photo.width, photo.height, minFaceSize, this.tuning);
    const found: Candidate[] = [];
    for (const [level, image] of levelImages(photo, levels)) {
      const largest = Math.min(level.to, image.width, image.height);
      for (const candidate of await this.network.scan(image, threshold, largest)) {
        const size = longerSide(candidate);
        if (size >= level.from && size < level.to) {
          found.push(rescaled(candidate, 1 / level.scale));
        }
      }
    }
    return found;
  }
}

function rescaled({ x, y, width, height, score }: Candidate, factor: number): Candidate {
  return { x: x * factor, y: y * factor, width: width * factor, height: height * factor, score };
}
