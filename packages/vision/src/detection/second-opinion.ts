import type { ModelPack } from '@mien/models';
import type { RgbImage } from '../image/rgb-image';
import type { InferenceOptions } from '../inference/model-session';
import { MeshModel } from '../landmarks/mesh-model';
import { type Box, longerSide } from './box';

/** Boxes in one inference: more costs memory and brings no speed. */
const BATCH = 16;

/** Asks the mesh model, which was trained on faces by other people than the detector, what it thinks of a box. */
export class SecondOpinion {
  private constructor(private readonly model: MeshModel) {}

  /** Undefined when the pack has no mesh model. */
  static async open(pack: ModelPack, options: InferenceOptions): Promise<SecondOpinion | undefined> {
    return pack.find('mesh') && new SecondOpinion(await MeshModel.open(pack, options));
  }

  /**
   * How likely each box holds a face that leans by one of `rolls` (radians, clockwise), 0..1: the best of them, each
   * being looked at.
   */
  async presences(picture: RgbImage, boxes: readonly Box[], rolls: readonly number[]): Promise<number[]> {
    const best: number[] = boxes.map(() => 0);
    for (const roll of rolls) {
      for (let start = 0; start < boxes.length; start += BATCH) {
        const regions = boxes.slice(start, start + BATCH).map((box) => ({
          picture,
          region: {
            x: box.x + box.width / 2,
            y: box.y + box.height / 2,
            side: longerSide(box) * this.model.cropScale,
            roll,
          },
        }));
        for (const [index, { presence }] of (await this.model.find(regions)).entries()) {
          best[start + index] = Math.max(best[start + index] ?? 0, presence);
        }
      }
    }
    return best;
  }

  async close(): Promise<void> {
    await this.model.close();
  }
}
