import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defaultManifestPath } from '@mien/models';
import { BoundingBox, FaceSelection, Job, type Photo } from '@mien/proto';
import { createLogger, parseConfig, type Stage, type StageContext } from '@mien/service';
import sharp from 'sharp';
import { detectorFactory } from './stage';

const FOLDER = join(dirname(require.resolve('@vladmandic/face-api/package.json')), 'demo');

function groupPhoto(number: number): Buffer {
  return readFileSync(join(FOLDER, `sample${number}.jpg`));
}

/** What the runtime lends the stage, over photos that are kept in memory. */
function contextOf(photos: ReadonlyMap<string, Buffer>): StageContext {
  return {
    logger: createLogger({ service: 'detector-test', level: 'silent' }),
    signal: new AbortController().signal,
    readImage: async ({ key }) => photos.get(key) ?? Buffer.alloc(0),
    inference: (_, run) => run(),
  };
}

type JobParts = Parameters<typeof Job.fromPartial>[0];

describe('the detector stage', () => {
  let stage: Stage;
  beforeAll(async () => {
    const { config } = parseConfig(
      { config: detectorFactory.configSchema },
      { MIEN_PHOTO_MAX_SIDE_PIXELS: '3000' },
    );
    stage = await detectorFactory.create({ modelPack: defaultManifestPath(), inferenceThreads: 1, config });
  });
  afterAll(async () => {
    await stage.close();
  });

  async function run(photos: readonly Buffer[], parts: JobParts): Promise<Job> {
    const stored = new Map(photos.map((bytes, index) => [`photo-${index}`, bytes]));
    const job = Job.fromPartial({
      id: 'job',
      itinerary: ['detector'],
      photos: [...stored.keys()].map((key) => ({ image: { key } })),
      ...parts,
    });
    return stage.process(job, contextOf(stored));
  }

  async function only(bytes: Buffer, parts: JobParts): Promise<Photo> {
    const [photo] = (await run([bytes], parts)).photos;
    if (!photo) {
      throw new Error('the stage lost the photo');
    }
    return photo;
  }

  it('answers boxes alone when nothing follows', async () => {
    const photo = await only(groupPhoto(3), {});
    expect([photo.width, photo.height, photo.problem]).toEqual([1920, 1350, undefined]);
    expect(photo.faces).toHaveLength(3);
    for (const { answer, context, liveness, rotation } of photo.faces) {
      expect([context, liveness, rotation]).toEqual([undefined, undefined, 0]);
      expect(answer?.confidence).toBeGreaterThan(0.9);
      expect(answer?.box?.height).toBeGreaterThan(200);
    }
  });

  it('cuts the crops that the way ahead needs', async () => {
    const photo = await only(groupPhoto(3), {
      itinerary: ['detector', 'landmark', 'liveness'],
      options: { features: { liveness: true } },
    });
    for (const { answer, context, liveness } of photo.faces) {
      const longer = Math.max(answer?.box?.width ?? 0, answer?.box?.height ?? 0);
      expect(context?.scale).toBeCloseTo(160 / longer, 4);
      expect([context?.width, context?.height]).toEqual([384, 384]);
      expect(context?.pixels).toMatchObject({ $case: 'rgb', value: { length: 384 * 384 * 3 } });
      expect([liveness?.width, liveness?.height]).toEqual([128, 128]);
      expect(liveness?.scale).toBeCloseTo(128 / (longer * 2.7), 4);
    }
    const landmarksOnly = await only(groupPhoto(3), { itinerary: ['detector', 'landmark'] });
    expect(landmarksOnly.faces.map(({ context, liveness }) => [context?.width, liveness])).toEqual(
      [1, 2, 3].map(() => [384, undefined]),
    );
  });

  it('keeps one face of each photo where one counts', async () => {
    const all = await only(groupPhoto(5), {});
    const largest = await run([groupPhoto(5), groupPhoto(3)], {
      options: { only: FaceSelection.FACE_SELECTION_LARGEST },
    });
    expect(largest.photos.map(({ faces }) => faces.length)).toEqual([1, 1]);
    expect(largest.photos[0]?.faces[0]?.answer?.box).toEqual(all.faces[0]?.answer?.box);
    const surest = await only(groupPhoto(5), {
      options: { only: FaceSelection.FACE_SELECTION_MOST_CONFIDENT },
    });
    const best = Math.max(...all.faces.map(({ answer }) => answer?.confidence ?? 0));
    expect(surest.faces.map(({ answer }) => answer?.confidence)).toEqual([best]);
  });

  it('refuses a photo of several faces where the only one counts', async () => {
    const sole = { only: FaceSelection.FACE_SELECTION_SOLE };
    expect(await only(groupPhoto(5), { options: sole })).toMatchObject({
      faces: [],
      problem: { reason: 'SEVERAL_FACES', stage: 'detector' },
    });
    const box = (await only(groupPhoto(5), {})).faces[0]?.answer?.box ?? BoundingBox.fromPartial({});
    const alone = await sharp(groupPhoto(5))
      .extract({
        left: Math.round(box.x - box.width * 0.2),
        top: Math.round(box.y - box.height * 0.2),
        width: Math.round(box.width * 1.4),
        height: Math.round(box.height * 1.4),
      })
      .toBuffer();
    expect((await only(alone, { options: sole })).faces).toHaveLength(1);
  });

  it('heeds max_faces and min_face_size', async () => {
    expect((await only(groupPhoto(5), { options: { detection: { maxFaces: 2 } } })).faces).toHaveLength(2);
    expect((await only(groupPhoto(5), { options: { detection: { minFaceSize: 800 } } })).faces).toEqual([]);
  });

  it('tells no face from faces that are too small, and either from an empty answer', async () => {
    const nobody = await sharp({ create: { width: 300, height: 200, channels: 3, background: '#7a8fa3' } })
      .png()
      .toBuffer();
    expect(await only(nobody, {})).toMatchObject({ faces: [], problem: undefined });
    const options = { faceRequired: true, detection: { minFaceSize: 800 } };
    expect((await only(nobody, { options })).problem).toMatchObject({ reason: 'NO_FACE', stage: 'detector' });
    expect((await only(groupPhoto(5), { options })).problem?.reason).toBe('FACE_TOO_SMALL');
  });

  it('gives each broken photo its reason and goes on with the others', async () => {
    const wide = await sharp({ create: { width: 3001, height: 40, channels: 3, background: '#000' } })
      .png()
      .toBuffer();
    const broken = [
      Buffer.alloc(0),
      Buffer.from('GIF89a and so on'),
      groupPhoto(1).subarray(0, 60_000),
      wide,
      Buffer.alloc(10 * 1024 * 1024 + 1),
    ];
    const { photos } = await run([...broken, groupPhoto(6)], {});
    expect(photos.map(({ problem, faces }) => problem?.reason ?? faces.length)).toEqual([
      'IMAGE_MISSING',
      'IMAGE_FORMAT_UNSUPPORTED',
      'IMAGE_CORRUPT',
      'IMAGE_DIMENSIONS_TOO_LARGE',
      'IMAGE_TOO_LARGE',
      4,
    ]);
  });

  it('passes photos with a problem through untouched', async () => {
    const problem = { reason: 'URL_FETCH_FAILED', message: 'gone', stage: 'gateway' };
    const job = Job.fromPartial({ itinerary: ['detector'], photos: [{ problem }] });
    expect((await stage.process(job, contextOf(new Map()))).photos).toEqual(job.photos);
  });

  it('stops when the job is past its deadline', async () => {
    const job = Job.fromPartial({ itinerary: ['detector'], photos: [{ image: { key: 'photo' } }] });
    const context = { ...contextOf(new Map([['photo', groupPhoto(1)]])), signal: AbortSignal.abort() };
    await expect(stage.process(job, context)).rejects.toThrow(/abort/i);
  });
});
