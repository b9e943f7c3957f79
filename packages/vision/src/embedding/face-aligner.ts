import type { ModelPack } from '@mien/models';
import type { AttributeInput } from '../attributes/face-view';
import { type Detection, type DetectOptions, FaceDetector } from '../detection/face-detector';
import { type CropPicture, contextCrop } from '../image/crop';
import type { RgbImage } from '../image/rgb-image';
import type { InferenceOptions } from '../inference/model-session';
import { mapGeometry } from '../landmarks/face-geometry';
import { alignmentPoints } from '../landmarks/landmarks';
import { LandmarkLocator, type LocateInput } from '../landmarks/locator';
import { alignFace } from './align';

/** A face of a photo, found and brought onto the embedding models' template. */
export interface AlignedFace {
  readonly detection: Detection;
  readonly aligned: RgbImage;
  /** What attributes are read from. */
  readonly view: AttributeInput;
}

/** From a photo to its aligned faces in one process: what the line's detector and landmark stages do of it. */
export class FaceAligner {
  private constructor(
    private readonly detector: FaceDetector,
    private readonly locator: LandmarkLocator,
  ) {}

  /** Opens the pack's models. Throws PackError or MODEL_PACK_INVALID. */
  static async open(pack: ModelPack, options: InferenceOptions): Promise<FaceAligner> {
    return new FaceAligner(await FaceDetector.open(pack, options), await LandmarkLocator.open(pack, options));
  }

  /** The faces of a photo, largest first. `keep` chooses those that are worth aligning; all by default. */
  async align(
    photo: RgbImage,
    options: DetectOptions,
    keep: (faces: readonly Detection[]) => readonly Detection[] = (faces) => faces,
  ): Promise<AlignedFace[]> {
    const detections = keep(await this.detector.detect(photo, options));
    const crops = detections.map(({ box }) => contextCrop(photo, box));
    const located = await this.locator.locate(
      detections.map(({ box, rotation }, index) =>
        locateInput(crops[index] ?? contextCrop(photo, box), box, rotation),
      ),
    );
    return detections.flatMap((detection, index) => {
      const [context, face] = [crops[index], located[index]];
      if (!context || !face) return [];
      const { left, top, scale } = context;
      const { mesh } = mapGeometry(face, { a: 1 / scale, b: 0, c: left, d: 0, e: 1 / scale, f: top });
      const aligned = alignFace(context.image, alignmentPoints(face));
      return [{ detection, aligned, view: { context, box: detection.box, mesh } }];
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.detector.close(), this.locator.close()]);
  }
}

function locateInput(
  { image, left, top, scale }: CropPicture,
  box: Detection['box'],
  rotation: Detection['rotation'],
): LocateInput {
  const inCrop = {
    x: (box.x - left) * scale,
    y: (box.y - top) * scale,
    width: box.width * scale,
    height: box.height * scale,
  };
  return { picture: image, box: inCrop, rotation };
}

/** The face nearest to the middle of the photo, alone; none when there is none. */
export function centralFace(faces: readonly Detection[], { width, height }: RgbImage): readonly Detection[] {
  const offset = ({ box }: Detection): number =>
    Math.hypot(box.x + (box.width - width) / 2, box.y + (box.height - height) / 2);
  return [...faces].sort((a, b) => offset(a) - offset(b)).slice(0, 1);
}
