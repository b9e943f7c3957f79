import type { ModelPack } from '@mien/models';
import type { RgbImage } from '../../image/rgb-image';
import type { InferenceOptions } from '../../inference/model-session';
import { Random } from '../../liveness/calibration/random';
import { type DrawnMask, maskShapes } from './drawings';
import { lightOf } from './light';
import { FaceFinder } from './samples';
import { drawnOver } from './variants';

export type { DrawnMask } from './drawings';

/** Draws masks on people, for measurements and tests: cloth of many colours, plain or printed, that follows the face. */
export class MaskPainter {
  private constructor(private readonly finder: FaceFinder) {}

  /** Throws PackError or MODEL_PACK_INVALID. */
  static async open(pack: ModelPack, options: InferenceOptions): Promise<MaskPainter> {
    return new MaskPainter(await FaceFinder.open(pack, options));
  }

  /**
   * The photo with a mask on the face nearest to its middle; undefined when it shows none. `seed` decides on cut,
   * colour, print, folds and shading.
   */
  async paint(photo: RgbImage, worn: DrawnMask, seed: number): Promise<RgbImage | undefined> {
    const face = await this.finder.central(photo);
    if (face === undefined) {
      return undefined;
    }
    const random = new Random(seed);
    return drawnOver(photo, maskShapes(Float32Array.from(face.mesh), worn, lightOf(face), random), random);
  }

  async close(): Promise<void> {
    await this.finder.close();
  }
}
