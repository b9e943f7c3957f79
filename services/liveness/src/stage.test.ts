import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defaultManifestPath, loadPack } from '@mien/models';
import { type Crop, FaceOnLine, Job, type Photo } from '@mien/proto';
import { createLogger, type Stage, type StageContext } from '@mien/service';
import {
  type CropPicture,
  contextCrop,
  type Detection,
  decodePhoto,
  FaceDetector,
  livenessCrop,
  type RgbImage,
} from '@mien/vision';
import { livenessFactory } from './stage';

const FOLDER = join(dirname(require.resolve('@vladmandic/face-api/package.json')), 'demo');
const LIMITS = { maxBytes: 1e7, maxSide: 8000, minSide: 20, maxPixels: 25e6 };
const DETECTION = { minFaceSize: 20, maxFaces: 120, rotationSearch: false };

function onLine({ image, left, top, scale }: CropPicture): Crop {
  const pixels = { $case: 'rgb' as const, value: Buffer.from(image.data) };
  return { pixels, width: image.width, height: image.height, left, top, scale };
}

/** A photo as the detector hands it on. */
function detected(image: RgbImage, found: readonly Detection[]): Photo {
  const faces = found.map(({ box, confidence, rotation }) =>
    FaceOnLine.fromPartial({
      answer: { box, confidence },
      rotation,
      context: onLine(contextCrop(image, box)),
      liveness: onLine(livenessCrop(image, box, 2.7, 128)),
    }),
  );
  const [photo] = Job.fromPartial({ photos: [{ width: image.width, height: image.height, faces }] }).photos;
  return photo ?? missing();
}

function missing(): never {
  throw new Error('a photo is missing');
}

describe('the liveness stage', () => {
  let stage: Stage;
  let photo: Photo;
  const batches: number[] = [];
  const context: StageContext = {
    logger: createLogger({ service: 'liveness-test', level: 'silent' }),
    signal: new AbortController().signal,
    readImage: () => Promise.reject(new Error('the liveness stage reads no photo')),
    inference: (batch, run) => {
      batches.push(batch);
      return run();
    },
  };

  beforeAll(async () => {
    const modelPack = defaultManifestPath();
    stage = await livenessFactory.create({ modelPack, inferenceThreads: 1, config: {} });
    const detector = await FaceDetector.open(loadPack(modelPack), { threads: 1 });
    const image = await decodePhoto(readFileSync(join(FOLDER, 'sample6.jpg')), LIMITS);
    photo = detected(image, await detector.detect(image, DETECTION));
    await detector.close();
  });
  beforeEach(() => {
    batches.length = 0;
  });
  afterAll(() => stage.close());

  const process = async (photos: readonly Photo[], livenessThreshold?: number): Promise<FaceOnLine[]> => {
    const options = livenessThreshold === undefined ? {} : { livenessThreshold };
    const job = await stage.process(Job.fromPartial({ options, photos: [...photos] }), context);
    return job.photos.flatMap(({ faces }) => faces);
  };

  it('judges every face of the photo in one batch', async () => {
    const faces = await process([photo]);
    expect(faces).toHaveLength(4);
    for (const { answer } of faces) {
      expect(answer?.liveness).toMatchObject({ threshold: 40, refusalReason: '' });
      expect(answer?.liveness?.score).toBeGreaterThan(0);
      expect(answer?.liveness?.score).toBeLessThanOrEqual(100);
    }
    expect(batches).toEqual([4]);
  });

  it('decides at the threshold of the job', async () => {
    for (const threshold of [0, 100]) {
      for (const { answer } of await process([photo], threshold)) {
        expect(answer?.liveness).toMatchObject({ threshold, live: threshold === 0 });
      }
    }
  });

  it('keeps everything else of the face', async () => {
    const [before] = photo.faces;
    const [after] = await process([photo]);
    expect({ ...after, answer: { ...after?.answer, liveness: undefined } }).toEqual(before);
  });

  it('answers a refusal on the face', async () => {
    const [first] = photo.faces;
    const box = { x: 10, y: 10, width: 40, height: 55 };
    const small = FaceOnLine.fromPartial({ ...first, answer: { ...first?.answer, box } });
    const [face] = await process([{ ...photo, faces: [small] }]);
    expect(face?.answer?.liveness).toMatchObject({ refusalReason: 'FACE_TOO_SMALL', live: false });
  });

  it('passes photos with a problem untouched', async () => {
    const problem = {
      reason: 'NO_FACE',
      message: 'the photo shows no face',
      stage: 'detector',
      metadata: {},
    };
    const [face] = await process([{ ...photo, problem, faces: photo.faces.slice(0, 1) }]);
    expect(face?.answer?.liveness).toBeUndefined();
    expect(batches).toEqual([]);
  });

  it('throws when the detector left out the crop', async () => {
    const bare = photo.faces.slice(0, 1).map((face) => ({ ...face, liveness: undefined }));
    await expect(process([{ ...photo, faces: bare }])).rejects.toMatchObject({ reason: 'INTERNAL' });
  });
});
