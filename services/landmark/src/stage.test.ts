import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defaultManifestPath, loadPack } from '@mien/models';
import { FaceOnLine, Job, MaskedComparison, type Photo } from '@mien/proto';
import { createLogger, type Stage, type StageContext } from '@mien/service';
import { contextCrop, decodePhoto, FaceDetector, type RgbImage } from '@mien/vision';
import { landmarkFactory } from './stage';

const FOLDER = join(dirname(require.resolve('@vladmandic/face-api/package.json')), 'demo');
const LIMITS = { maxBytes: 1e7, maxSide: 8000, minSide: 20, maxPixels: 25e6 };
const DETECTION = { minFaceSize: 20, maxFaces: 120, rotationSearch: false };

/** A photo's faces as the detector hands them on. */
function detected(photo: RgbImage, found: Awaited<ReturnType<FaceDetector['detect']>>): FaceOnLine[] {
  return found.map(({ box, confidence, rotation }) => {
    const { image, ...placement } = contextCrop(photo, box);
    const pixels = { $case: 'rgb' as const, value: Buffer.from(image.data) };
    return FaceOnLine.fromPartial({
      answer: { box, confidence },
      rotation,
      context: { pixels, width: image.width, height: image.height, ...placement },
    });
  });
}

describe('the landmark stage', () => {
  let stage: Stage;
  let photo: Photo;
  let batches: number[];
  const context: StageContext = {
    logger: createLogger({ service: 'landmark-test', level: 'silent' }),
    signal: new AbortController().signal,
    readImage: () => Promise.reject(new Error('the landmark stage reads no photo')),
    inference: (batch, run) => {
      batches.push(batch);
      return run();
    },
  };

  beforeAll(async () => {
    stage = await landmarkFactory.create({
      modelPack: defaultManifestPath(),
      inferenceThreads: 1,
      config: {},
    });
    const detector = await FaceDetector.open(loadPack(defaultManifestPath()), { threads: 1 });
    const image = await decodePhoto(readFileSync(join(FOLDER, 'sample6.jpg')), LIMITS);
    const faces = detected(image, await detector.detect(image, DETECTION));
    await detector.close();
    photo =
      Job.fromPartial({ photos: [{ width: image.width, height: image.height, faces }] }).photos[0] ??
      missing();
  });
  beforeEach(() => {
    batches = [];
  });
  afterAll(() => stage.close());

  const process = async (options: Job['options'], photos: Photo[] = [photo]): Promise<FaceOnLine[]> => {
    const job = await stage.process(Job.fromPartial({ options, photos }), context);
    return job.photos.flatMap(({ faces }) => faces);
  };
  const features = (wanted: object): Job['options'] =>
    Job.fromPartial({ options: { features: wanted } }).options;

  it('answers landmarks, alignment points, pose and openness in pixels of the photo', async () => {
    const faces = await process(features({ landmarks: true }));
    expect(faces).toHaveLength(4);
    for (const { answer, mesh, meshPresence, aligned } of faces) {
      if (!answer?.box || !answer.landmarks) throw missing();
      const { x, y, width, height } = answer.box;
      const points = Object.values(answer.landmarks).flat();
      expect(points).toHaveLength(90);
      for (const point of [...points, ...answer.alignment]) {
        expect(point.x).toBeGreaterThan(x - width * 0.3);
        expect(point.x).toBeLessThan(x + width * 1.3);
        expect(point.y).toBeGreaterThan(y - height * 0.2);
        expect(point.y).toBeLessThan(y + height * 1.2);
      }
      expect(answer.alignment).toHaveLength(5);
      expect(Math.abs(answer.pose?.yaw ?? 99)).toBeLessThan(40);
      expect(answer.openness?.leftEye).toBeGreaterThan(0.1);
      expect(mesh).toHaveLength(1404);
      expect(meshPresence).toBeGreaterThan(0.9);
      expect(answer.mesh).toHaveLength(0);
      expect(answer.quality).toBeUndefined();
      expect(aligned).toBeUndefined();
    }
    expect(batches).toEqual([4]);
  });

  it('answers only what is asked for, and leaves the job that it is given as it is', async () => {
    const [face] = await process(features({ mesh: true, quality: true, template: true }));
    expect(face?.answer?.landmarks).toBeUndefined();
    expect(face?.answer?.pose).toBeUndefined();
    expect(face?.answer?.mesh).toHaveLength(468);
    expect(face?.answer?.quality?.score).toBeGreaterThan(50);
    expect(face?.aligned).toMatchObject({ width: 112, height: 112 });
    expect(photo.faces[0]?.mesh).toHaveLength(0);
  });

  it('takes the faces of all photos as one batch and passes photos with a problem through', async () => {
    const problem = {
      reason: 'NO_FACE',
      message: 'the photo shows no face',
      stage: 'detector',
      metadata: {},
    };
    const faces = await process(features({ landmarks: true }), [photo, { ...photo, problem }, photo]);
    expect(batches).toEqual([8]);
    expect(faces.map(({ answer }) => answer?.landmarks !== undefined)).toEqual([
      ...Array(4).fill(true),
      ...Array(4).fill(false),
      ...Array(4).fill(true),
    ]);
  });

  it('refuses a face that does not meet the quality control level, with the figure that falls short', async () => {
    const dark = photo.faces.slice(0, 1).map((face): FaceOnLine => {
      if (face.context?.pixels?.$case !== 'rgb') throw missing();
      const value = Buffer.from(face.context.pixels.value.map((byte) => Math.round(byte * 0.15)));
      return { ...face, context: { ...face.context, pixels: { $case: 'rgb', value } } };
    });
    const covered = photo.faces.slice(0, 1).map((face): FaceOnLine => {
      if (face.context?.pixels?.$case !== 'rgb') throw missing();
      const { width, height } = face.context;
      // The lower part of the crop, from the tip of the nose down, is painted over.
      const value = Buffer.from(face.context.pixels.value);
      value.fill(20, Math.round(height * 0.55) * width * 3);
      return { ...face, context: { ...face.context, pixels: { $case: 'rgb', value } } };
    });
    const problemAt = async (
      faces: FaceOnLine[],
      qualityControl: number,
      masked = MaskedComparison.MASKED_COMPARISON_OFF,
    ) => {
      const job = Job.fromPartial({
        options: { qualityControl, compare: true, masked },
        photos: [{ ...photo, faces }],
      });
      return (await stage.process(job, context)).photos[0]?.problem;
    };
    expect(await problemAt(dark, 0)).toBeUndefined();
    expect(await problemAt(dark, 2)).toBeUndefined();
    expect(await problemAt(covered, 0)).toBeUndefined();
    const refused = await problemAt(covered, 3);
    expect(refused).toMatchObject({ reason: 'FACE_QUALITY_TOO_LOW', stage: 'landmark' });
    expect(refused?.message).toMatch(/mouth covered \(completeness \d+/);
    expect(await problemAt(covered, 3, MaskedComparison.MASKED_COMPARISON_AUTO)).toBeUndefined();
    expect(await problemAt(covered, 3, MaskedComparison.MASKED_COMPARISON_ON)).toBeUndefined();
    expect(await problemAt(dark, 4, MaskedComparison.MASKED_COMPARISON_ON)).toEqual(await problemAt(dark, 4));
  });

  it('refuses a job whose quality control level does not exist', async () => {
    const options = Job.fromPartial({ options: { qualityControl: 7 } }).options;
    await expect(process(options)).rejects.toMatchObject({ reason: 'ARGUMENT_INVALID' });
  });
});

function missing(): never {
  throw new Error('missing');
}
