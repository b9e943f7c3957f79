import type { ModelPack } from '@mien/models';
import type { RgbImage } from '../image/rgb-image';
import type { InferenceOptions } from '../inference/model-session';
import { type Box, type Candidate, longerSide } from './box';
import { suppress } from './suppress';
import { TURNS, type Turn, turned, turnedBack } from './turn';
import { UprightSearch } from './upright-search';

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
  /** Smallest face wanted: the longer side of its box, in pixels of the photo. */
  readonly minFaceSize: number;
  /** At most this many faces, the largest ones. */
  readonly maxFaces: number;
  /** Also look at the photo turned by 90, 180 and 270 degrees. */
  readonly rotationSearch: boolean;
}

/**
 * Boxes are good to about a quarter (how much of beard and hat belongs to a face?): one of just the smallest size
 * may measure that much less.
 */
const MEASURING_ERROR = 0.25;

/**
 * Presence that a face not seen in the photo as it stands must have: looked at from every side, ears and knees reach
 * 0.96 on the development photos.
 */
const TURNED_PRESENCE = 0.97;

/** Finds the faces of photos. */
export class FaceDetector {
  private constructor(private readonly search: UprightSearch) {}

  /** Opens the pack's detection model. Throws PackError or MODEL_PACK_INVALID. */
  static async open(pack: ModelPack, options: InferenceOptions): Promise<FaceDetector> {
    return new FaceDetector(await UprightSearch.open(pack, options));
  }

  /** The faces of a photo, largest first, each once. */
  async detect(photo: RgbImage, options: DetectOptions): Promise<Detection[]> {
    const { minFaceSize, maxFaces, rotationSearch } = options;
    const found = rotationSearch
      ? await this.turns(photo, minFaceSize)
      : await this.asItStands(photo, minFaceSize);
    return found
      .filter(({ box }) => longerSide(box) >= minFaceSize * (1 - MEASURING_ERROR))
      .sort((a, b) => b.box.width * b.box.height - a.box.width * a.box.height)
      .slice(0, maxFaces);
  }

  async close(): Promise<void> {
    await this.search.close();
  }

  private async asItStands(photo: RgbImage, minFaceSize: number): Promise<Detection[]> {
    const faces = await this.search.find(photo, minFaceSize, 'quick');
    return faces.map(({ score, x, y, width, height }) => ({
      box: { x, y, width, height },
      confidence: score,
      rotation: 0,
    }));
  }

  /**
   * Of the turns at which a face was found, the one that the mesh model likes best counts: the detection network
   * sees faces at any angle, and its scores say little about which way is up.
   */
  private async turns(photo: RgbImage, minFaceSize: number): Promise<Detection[]> {
    const found: (Candidate & { readonly face: Detection })[] = [];
    for (const turn of TURNS) {
      for (const face of await this.search.find(turned(photo, turn), minFaceSize, 'thorough')) {
        const box = turnedBack(face, turn, photo.width, photo.height);
        const detection = { box, confidence: face.score, rotation: turn };
        if (turn !== 0 && !(face.agreed && face.presence >= TURNED_PRESENCE)) {
          continue;
        }
        found.push({ ...box, score: face.score * face.presence, face: detection });
      }
    }
    return suppress(found).map(({ face }) => face);
  }
}
