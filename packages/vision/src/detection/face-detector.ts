import type { ModelPack } from '@mien/models';
import type { RgbImage } from '../image/rgb-image';
import type { InferenceOptions } from '../inference/model-session';
import { type Box, type Candidate, longerSide } from './box';
import { DetectionNetwork } from './network';
import { levelImages, planLevels } from './pyramid';
import { suppress } from './suppress';
import { type DetectorTuning, tuningOf } from './tuning';
import { TURNS, type Turn, turned, turnedBack } from './turn';

/** One face of a photo. */
export interface Detection {
  /** In pixels of the photo; it reaches past the edge when the face does. */
  readonly box: Box;
  /** 0..1. */
  readonly confidence: number;
  /** Clockwise turn of the photo in degrees at which the face stands upright; 0 without rotation search. */
  readonly rotation: Turn;
}

export interface DetectOptions {
  /** Shortest longer side of a face's box, in pixels of the photo. */
  readonly minFaceSize: number;
  /** At most this many faces, the largest ones. */
  readonly maxFaces: number;
  /** Also look at the photo turned by 90, 180 and 270 degrees. */
  readonly rotationSearch: boolean;
}

interface TurnedCandidate extends Candidate {
  readonly turn: Turn;
}

/** Finds the faces of photos. */
export class FaceDetector {
  private constructor(
    private readonly network: DetectionNetwork,
    private readonly tuning: DetectorTuning,
  ) {}

  /** Opens the pack's detection model. Throws PackError or MODEL_PACK_INVALID. */
  static async open(pack: ModelPack, options: InferenceOptions): Promise<FaceDetector> {
    const model = pack.model('detection');
    return new FaceDetector(await DetectionNetwork.open(model, options), tuningOf(model.decoder));
  }

  /** The faces of a photo, largest first, each once. */
  async detect(photo: RgbImage, options: DetectOptions): Promise<Detection[]> {
    const found: TurnedCandidate[] = [];
    for (const turn of options.rotationSearch ? TURNS : [0 as const]) {
      for (const candidate of await this.upright(turned(photo, turn), options.minFaceSize)) {
        const box = turnedBack(candidate, turn, photo.width, photo.height);
        found.push({ ...box, score: candidate.score, turn });
      }
    }
    return suppress(found)
      .filter((face) => longerSide(face) >= options.minFaceSize)
      .sort((a, b) => b.width * b.height - a.width * a.height)
      .slice(0, options.maxFaces)
      .map(({ score, turn, x, y, width, height }) => ({
        box: { x, y, width, height },
        confidence: score,
        rotation: turn,
      }));
  }

  async close(): Promise<void> {
    await this.network.close();
  }

  /** Faces of a photo that stand upright, or nearly so. */
  private async upright(photo: RgbImage, minFaceSize: number): Promise<Candidate[]> {
    const levels = planLevels(photo.width, photo.height, minFaceSize, this.tuning);
    const found: Candidate[] = [];
    for (const [level, image] of levelImages(photo, levels)) {
      const largest = Math.min(
        level.to,
        longerSide({ x: 0, y: 0, width: image.width, height: image.height }),
      );
      for (const candidate of await this.network.scan(image, this.tuning.sure, largest * 1.5)) {
        const size = longerSide(candidate);
        if (size >= level.from && size < level.to) {
          found.push(rescaled(candidate, 1 / level.scale));
        }
      }
    }
    return suppress(found);
  }
}

function rescaled({ x, y, width, height, score }: Candidate, factor: number): Candidate {
  return { x: x * factor, y: y * factor, width: width * factor, height: height * factor, score };
}
