import type { ModelPack } from '@mien/models';
import type { Template } from '@mien/proto';
import type { Detection, DetectOptions } from '../detection/face-detector';
import type { RgbImage } from '../image/rgb-image';
import type { InferenceOptions } from '../inference/model-session';
import { Embedder } from './embedder';
import { FaceAligner } from './face-aligner';

/** A face of a photo with its template. */
export interface TemplatedFace {
  readonly detection: Detection;
  readonly template: Template;
}

/**
 * From a photo to the templates of its faces in one process: what the line's detector, landmark and embedder stages
 * do, without the line. Calibration and benchmarks measure with it.
 */
export class TemplatePipeline {
  private constructor(
    private readonly aligner: FaceAligner,
    private readonly embedder: Embedder,
  ) {}

  /** Opens the pack's models. Throws PackError or MODEL_PACK_INVALID. */
  static async open(pack: ModelPack, options: InferenceOptions): Promise<TemplatePipeline> {
    return new TemplatePipeline(await FaceAligner.open(pack, options), await Embedder.open(pack, options));
  }

  /** The faces of a photo, largest first. `keep` chooses those that are worth a template; all by default. */
  async templates(
    photo: RgbImage,
    options: DetectOptions,
    keep?: (faces: readonly Detection[]) => readonly Detection[],
  ): Promise<TemplatedFace[]> {
    const faces = await this.aligner.align(photo, options, keep);
    const templates = await this.embedder.embed(faces.map(({ aligned }) => aligned));
    return faces.flatMap(({ detection }, index) => {
      const template = templates[index];
      return template ? [{ detection, template }] : [];
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.aligner.close(), this.embedder.close()]);
  }
}
