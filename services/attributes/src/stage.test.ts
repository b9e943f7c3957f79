import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defaultManifestPath, loadPack } from '@mien/models';
import { Face, type FaceOnLine, Job, Photo } from '@mien/proto';
import { createLogger, type Stage, type StageContext } from '@mien/service';
import { contextCrop, decodePhoto, FaceDetector, LandmarkLocator } from '@mien/vision';
import { attributesFactory } from './stage';

const PHOTO = join(dirname(require.resolve('@vladmandic/face-api/package.json')), 'demo', 'sample1.jpg');

const context: StageContext = {
  logger: createLogger({ service: 'attributes', level: 'silent' }),
  signal: new AbortController().signal,
  readImage: () => Promise.reject(new Error('the attributes stage reads no photos')),
  inference: (_batch, run) => run(),
};

let stage: Stage;
let faces: FaceOnLine[];

beforeAll(async () => {
  stage = await attributesFactory.create({
    modelPack: defaultManifestPath(),
    inferenceThreads: 1,
    config: attributesFactory.configSchema.parse({}),
  });
  faces = await facesAfterLandmarks();
});

afterAll(async () => {
  await stage.close();
});

/** The faces of the photo as the landmark stage passes them on. */
async function facesAfterLandmarks(): Promise<FaceOnLine[]> {
  const pack = loadPack(defaultManifestPath());
  const detector = await FaceDetector.open(pack, { threads: 1 });
  const locator = await LandmarkLocator.open(pack, { threads: 1 });
  const limits = { maxBytes: 1e8, maxSide: 8000, minSide: 20, maxPixels: 25e6 };
  const photo = await decodePhoto(readFileSync(PHOTO), limits);
  const found = await detector.detect(photo, { minFaceSize: 40, maxFaces: 10, rotationSearch: false });
  const geometry = await locator.locate(
    found.map(({ box, rotation }) => ({ picture: photo, box, rotation })),
  );
  await detector.close();
  await locator.close();
  return found.map(({ box, confidence, rotation }, index) => {
    const { image, left, top, scale } = contextCrop(photo, box);
    return {
      answer: Face.fromPartial({ box, confidence }),
      rotation,
      context: {
        pixels: { $case: 'rgb', value: Buffer.from(image.data) },
        width: image.width,
        height: image.height,
        left,
        top,
        scale,
      },
      liveness: undefined,
      aligned: undefined,
      mesh: [...(geometry[index]?.mesh ?? [])],
      otherTemplates: [],
      meshPresence: geometry[index]?.presence ?? 0,
    };
  });
}

function job(photos: Photo[]): Job {
  return { ...Job.fromPartial({ id: 'a', itinerary: ['attributes'] }), photos };
}

it('adds attributes to every face and leaves the rest of the job alone', async () => {
  const sent = job([{ ...Photo.fromPartial({ width: 10, height: 10 }), faces }]);
  const answered = await stage.process(sent, context);
  expect(answered.itinerary).toEqual(sent.itinerary);
  expect(answered.photos[0]?.faces).toHaveLength(3);
  for (const [index, { answer }] of (answered.photos[0]?.faces ?? []).entries()) {
    expect(answer?.box).toEqual(faces[index]?.answer?.box);
    expect(answer?.attributes?.gender?.probability).toBeGreaterThan(0.5);
    expect(answer?.attributes?.expression?.emotions).toHaveLength(7);
    expect(answer?.attributes?.hair?.lengthProbability).toBeGreaterThan(0);
  }
});

it('passes photos with a problem through untouched', async () => {
  const problem = { reason: 'NO_FACE', message: 'the photo shows no face', stage: 'detector' };
  const sent = job([{ ...Photo.fromPartial({ problem }), faces: faces.slice(0, 1) }]);
  expect(await stage.process(sent, context)).toEqual(sent);
});

it('refuses faces without a mesh', async () => {
  const [first] = faces;
  const without = first ? [{ ...first, mesh: [] }] : [];
  const sent = job([{ ...Photo.fromPartial({}), faces: without }]);
  await expect(stage.process(sent, context)).rejects.toMatchObject({ reason: 'INTERNAL' });
});
