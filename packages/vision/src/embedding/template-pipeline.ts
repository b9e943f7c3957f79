import type { ModelPack } from '@mien/models';
import type { Template } from '@mien/proto';
import { type Detection, type DetectOptions, FaceDetector } from '../detection/face-detector';
import { contextCrop } from '../image/crop';
import type { RgbImage } from '../image/rgb-image';
import type { InferenceOptions } from '../inference/model-session';
import { alignmentPoints } from '../landmarks/landmarks';
import { LandmarkLocator } from '../landmarks/locator';
import { alignFace } from './align';
import { Embedder } from './embedder';

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
    private readonly detector: FaceDetector,
    private readonly locator: LandmarkLocator,
    private readonly embedder: Embedder,
  ) {}

  /** Opens the pack's models. Throws PackError or MODEL_PACK_INVALID. */
  static async open(pack: ModelPack, options: InferenceOptions): Promise<TemplatePipeline> {
    return new TemplatePipeline(
      await FaceDetector.open(pack, options),
      await LandmarkLocator.open(pack, options),
      await Embedder.open(pack, options),
    );
  }

  /** The faces of a photo, largest first. `keep` chooses those that are worth a template; all by default. */
  async templates(
    photo: RgbImage,
    options: DetectOptions,
    keep: (faces: readonly Detection[]) => readonly Detection[] = (faces) => faces,
  ): Promise<TemplatedFace[]> {
    const detections = keep(await this.detector.detect(photo, options));
    const inputs = detections.map(({ box, rotation }) => {
      const { image, left, top, scale } = contextCrop(photo, box);
      const inCrop = {
        x: (box.x - left) * scale,
        y: (box.y - top) * scale,
        width: box.width * scale,
        height: box.height * scale,
      };
      return { picture: image, box: inCrop, rotation };
    });
    const located = await this.locator.locate(inputs);
    const aligned = inputs.flatMap(({ picture }, index) => {
      const face = located[index];
      return face ? [alignFace(picture, alignmentPoints(face))] : [];
    });
    const templates = await this.embedder.embed(aligned);
    return detections.flatMap((detection, index) => {
      const template = templates[index];
      return template ? [{ detection, template }] : [];
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.detector.close(), this.locator.close(), this.embedder.close()]);
  }
}

/** The face nearest to the middle of the photo, alone; none when there is none. */
export function centralFace(faces: readonly Detection[], { width, height }: RgbImage): readonly Detection[] {
  const offset = ({ box }: Detection): number =>
    Math.hypot(box.x + (box.width - width) / 2, box.y + (box.height - height) / 2);
  return [...faces].sort((a, b) => offset(a) - offset(b)).slice(0, 1);
}
