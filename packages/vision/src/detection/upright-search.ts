import type { ModelPack } from '@mien/models';
import type { RgbImage } from '../image/rgb-image';
import type { InferenceOptions } from '../inference/model-session';
import { type Candidate, longerSide } from './box';
import { DetectionNetwork } from './network';
import { levelImages, planLevels } from './pyramid';
import { SecondOpinion } from './second-opinion';
import { suppress } from './suppress';
import { type DetectorTuning, type Doubt, tuningOf } from './tuning';

/** Boxes that the mesh model is asked about at most, the best ones: a picture made to raise doubts costs no more. */
const MOST_ASKED = 240;

/** The mesh model sees a face that leans by half a quarter turn badly: one that may is shown to it straightened too. */
const LEANINGS = [0, Math.PI / 4, -Math.PI / 4] as const;

/** Leaning faces need more pixels to be seen: what a thorough search multiplies the finest scale by. */
const THOROUGH_SCALE = 2;

/** How hard to look. */
export type Effort = 'quick' | 'thorough';

/** A face found in a photo as it stands. */
export interface UprightFace extends Candidate {
  /** The mesh model agrees with the box, or was not asked. */
  readonly agreed: boolean;
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
   * Each face once. A quick search asks the mesh model about weak boxes only; a thorough one looks at finer scales
   * and asks about every box, so that `presence` tells how upright a face stands.
   */
  async find(photo: RgbImage, minFaceSize: number, effort: Effort): Promise<UprightFace[]> {
    const { sure } = this.tuning;
    const found = suppress(await this.candidates(photo, minFaceSize, effort));
    if (!this.opinion) {
      return found.map((candidate) => ({ ...candidate, agreed: true, presence: 1 }));
    }
    const asked = found.filter(({ score }) => effort === 'thorough' || score < sure).slice(0, MOST_ASKED);
    const presences = await this.opinion.presences(photo, asked, effort === 'thorough' ? LEANINGS : [0]);
    const presenceOf = new Map(asked.map((candidate, index) => [candidate, presences[index] ?? 0]));
    return found
      .map((candidate) => {
        const presence = presenceOf.get(candidate) ?? (candidate.score < sure ? 0 : 1);
        return { ...candidate, presence, agreed: candidate.score * presence >= candidate.doubt.joint };
      })
      .filter(({ score, agreed }) => score >= sure || agreed);
  }

  async close(): Promise<void> {
    await this.network.close();
    await this.opinion?.close();
  }

  /** The boxes of all levels, each level's of the sizes that it answers for, in pixels of the photo. */
  private async candidates(photo: RgbImage, minFaceSize: number, effort: Effort): Promise<DoubtfulBox[]> {
    const { from, to, weak, small, alone } = this.tuning;
    const sureFrom = this.tuning.sureFrom * (effort === 'thorough' ? THOROUGH_SCALE : 1);
    const levels = planLevels(photo.width, photo.height, minFaceSize, { sureFrom, from, to });
    const found: DoubtfulBox[] = [];
    const images = levelImages(photo, levels);
    for (let next = images.next(); next.done !== true; ) {
      const [level, image] = next.value;
      const largest = Math.min(level.to, image.width, image.height);
      const least = this.opinion ? (level.from < from ? small.score : weak.score) : alone;
      const scanning = this.network.scan(image, least, largest);
      // The next level is made while the network looks at this one.
      next = images.next();
      for (const box of await scanning) {
        const size = longerSide(box);
        const doubt = size < from ? small : weak;
        if (size >= level.from && size < level.to && box.score >= doubt.score) {
          found.push({ ...rescaled(box, 1 / level.scale), doubt });
        }
      }
    }
    return found;
  }
}

/** A box with what it needs to count as a face. */
interface DoubtfulBox extends Candidate {
  readonly doubt: Doubt;
}

function rescaled({ x, y, width, height, score }: Candidate, factor: number): Candidate {
  return { x: x * factor, y: y * factor, width: width * factor, height: height * factor, score };
}
