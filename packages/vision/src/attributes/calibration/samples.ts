import type { ModelPack } from '@mien/models';
import { FaceDetector } from '../../detection/face-detector';
import { contextCrop } from '../../image/crop';
import type { RgbImage } from '../../image/rgb-image';
import type { InferenceOptions } from '../../inference/model-session';
import { LandmarkLocator } from '../../landmarks/locator';
import type { AttributeInput } from '../face-view';

/** Finds the face that a photo is of, as the line does. */
export class FaceFinder {
  private constructor(
    private readonly detector: FaceDetector,
    private readonly locator: LandmarkLocator,
  ) {}

  static async open(pack: ModelPack, options: InferenceOptions): Promise<FaceFinder> {
    return new FaceFinder(await FaceDetector.open(pack, options), await LandmarkLocator.open(pack, options));
  }

  /** Every face of a photo, largest first. */
  async all(photo: RgbImage): Promise<AttributeInput[]> {
    const faces = await this.detector.detect(photo, {
      minFaceSize: 16,
      maxFaces: 20,
      rotationSearch: false,
    });
    const geometry = await this.locator.locate(
      faces.map(({ box, rotation }) => ({ picture: photo, box, rotation })),
    );
    return faces.flatMap(({ box }, index) => {
      const found = geometry[index];
      return found ? [{ context: contextCrop(photo, box), box, mesh: found.mesh }] : [];
    });
  }

  /** The face nearest to the middle of a photo; undefined when it shows none. */
  async central(photo: RgbImage): Promise<AttributeInput | undefined> {
    const off = ({ box }: AttributeInput) =>
      Math.hypot(box.x + box.width / 2 - photo.width / 2, box.y + box.height / 2 - photo.height / 2);
    const faces = await this.all(photo);
    return faces.sort((a, b) => off(a) - off(b))[0];
  }

  async close(): Promise<void> {
    await this.detector.close();
    await this.locator.close();
  }
}
