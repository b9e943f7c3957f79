import { MienError, toProblem } from '@mien/errors';
import { loadPack } from '@mien/models';
import type { FaceOnLine, Job, Photo } from '@mien/proto';
import type { Stage, StageContext, StageFactory } from '@mien/service';
import { type DetectOptions, decodePhoto, FaceDetector, type RgbImage, setDecodeThreads } from '@mien/vision';
import { type DetectorConfig, detectorConfigSchema } from './config';
import { faceOnLine, type LivenessCropSpec, livenessCropSpec, wantedCrops } from './crops';
import { detectOptions, SMALLEST_FACE } from './detect-request';
import { selectFaces } from './select-faces';

/** Decodes each photo once, finds its faces and cuts what later stages need of them. */
class DetectorStage implements Stage {
  constructor(
    private readonly detector: FaceDetector,
    private readonly liveness: LivenessCropSpec | undefined,
    private readonly config: DetectorConfig,
  ) {}

  async process(job: Job, context: StageContext): Promise<Job> {
    const photos: Photo[] = [];
    for (const photo of job.photos) {
      photos.push(photo.problem ? photo : await this.withFaces(photo, job, context));
    }
    return { ...job, photos };
  }

  async close(): Promise<void> {
    await this.detector.close();
  }

  private async withFaces(photo: Photo, job: Job, context: StageContext): Promise<Photo> {
    try {
      context.signal.throwIfAborted();
      const image = await this.read(photo, context);
      const faces = await this.faces(image, job, context);
      return { ...photo, width: image.width, height: image.height, faces };
    } catch (error) {
      if (error instanceof MienError && isOfThePhoto(error)) {
        return { ...photo, faces: [], problem: toProblem(error, 'detector') };
      }
      throw error;
    }
  }

  private async read(photo: Photo, context: StageContext): Promise<RgbImage> {
    if (!photo.image) {
      throw new MienError('IMAGE_MISSING', 'the job names no photo');
    }
    return decodePhoto(await context.readImage(photo.image), this.config.limits);
  }

  private async faces(image: RgbImage, job: Job, context: StageContext): Promise<FaceOnLine[]> {
    const options = detectOptions(job.options);
    const found = await context.inference(1, () => this.detector.detect(image, options));
    if (found.length === 0 && job.options?.faceRequired) {
      throw await this.noFace(image, options, context);
    }
    const wanted = wantedCrops(job);
    return selectFaces(found, job.options?.only).map((face) =>
      faceOnLine(image, face, wanted, this.liveness),
    );
  }

  /** Looks once more, for faces under the size asked for: they make another answer than none at all. */
  private async noFace(
    image: RgbImage,
    { minFaceSize, rotationSearch }: DetectOptions,
    context: StageContext,
  ): Promise<MienError> {
    if (minFaceSize > SMALLEST_FACE) {
      const options = { minFaceSize: SMALLEST_FACE, maxFaces: 1, rotationSearch };
      const smaller = await context.inference(1, () => this.detector.detect(image, options));
      if (smaller.length > 0) {
        return new MienError('FACE_TOO_SMALL', `every face is smaller than ${minFaceSize} pixels`);
      }
    }
    return new MienError('NO_FACE', 'the photo shows no face');
  }
}

/** What trying again would not change. */
function isOfThePhoto({ reason }: MienError): boolean {
  return /^(IMAGE_|NO_FACE$|SEVERAL_FACES$|FACE_|BLOB_LOST$)/.test(reason);
}

export const detectorFactory: StageFactory<DetectorConfig> = {
  name: 'detector',
  configSchema: detectorConfigSchema,
  async create({ modelPack, inferenceThreads, inferenceProvider, config }) {
    setDecodeThreads(config.decodeThreads);
    const pack = loadPack(modelPack);
    const detector = await FaceDetector.open(pack, {
      threads: inferenceThreads,
      provider: inferenceProvider,
    });
    return new DetectorStage(detector, livenessCropSpec(pack), config);
  },
};
