import { loadPack } from '@mien/models';
import {
  alignFace,
  alignmentPoints,
  contextCrop,
  decodePhoto,
  Embedder,
  FaceDetector,
  faceLandmarks,
  LandmarkLocator,
} from '@mien/vision';

const LIMITS = { maxBytes: 20_000_000, maxSide: 8_000, minSide: 20, maxPixels: 50_000_000 };
const OPTIONS = { minFaceSize: 20, maxFaces: 120, rotationSearch: false };

/** What the line does to a photo, in one loop in one process: the same decoding and models, nothing around them. */
export class BareLoop {
  private constructor(
    private readonly detector: FaceDetector,
    private readonly locator: LandmarkLocator,
    private readonly embedder: Embedder,
  ) {}

  static async open(manifest: string, threads: number): Promise<BareLoop> {
    const pack = loadPack(manifest);
    return new BareLoop(
      await FaceDetector.open(pack, { threads }),
      await LandmarkLocator.open(pack, { threads }),
      await Embedder.open(pack, { threads }),
    );
  }

  /** Boxes, 90 points and a template of every face; returns how many there were. */
  async run(bytes: Buffer): Promise<number> {
    const photo = await decodePhoto(bytes, LIMITS);
    const detections = await this.detector.detect(photo, OPTIONS);
    const inputs = detections.map(({ box, rotation }) => {
      const { image, left, top, scale } = contextCrop(photo, box);
      const { x, y, width, height } = box;
      const inCrop = {
        x: (x - left) * scale,
        y: (y - top) * scale,
        width: width * scale,
        height: height * scale,
      };
      return { picture: image, box: inCrop, rotation };
    });
    const located = await this.locator.locate(inputs);
    located.map(faceLandmarks);
    const aligned = located.flatMap((face, index) => {
      const picture = inputs[index]?.picture;
      return picture === undefined ? [] : [alignFace(picture, alignmentPoints(face))];
    });
    return (await this.embedder.embed(aligned)).length;
  }

  /** Boxes alone: what the first stage does. */
  async detect(bytes: Buffer): Promise<number> {
    return (await this.detector.detect(await decodePhoto(bytes, LIMITS), OPTIONS)).length;
  }

  async close(): Promise<void> {
    await Promise.all([this.detector.close(), this.locator.close(), this.embedder.close()]);
  }
}
