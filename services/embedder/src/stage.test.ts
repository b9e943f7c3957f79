import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defaultManifestPath, loadPack } from '@mien/models';
import { Face, FaceOnLine, Job, Mask, MaskedComparison, type Template } from '@mien/proto';
import { createLogger, type Stage, type StageContext } from '@mien/service';
import {
  alignFace,
  alignmentPoints,
  contextCrop,
  decodePhoto,
  FaceDetector,
  LandmarkLocator,
} from '@mien/vision';
import { embedderFactory } from './stage';

const FOLDER = join(dirname(require.resolve('@vladmandic/face-api/package.json')), 'demo');
const LIMITS = { maxBytes: 1e7, maxSide: 8000, minSide: 20, maxPixels: 25e6 };
const DETECTION = { minFaceSize: 20, maxFaces: 120, rotationSearch: false };

/** The faces of a packaged photo as the landmark stage hands them on. */
async function alignedFaces(file: string): Promise<FaceOnLine[]> {
  const pack = loadPack(defaultManifestPath());
  const detector = await FaceDetector.open(pack, { threads: 2 });
  const locator = await LandmarkLocator.open(pack, { threads: 2 });
  const photo = await decodePhoto(readFileSync(join(FOLDER, file)), LIMITS);
  const crops = (await detector.detect(photo, DETECTION)).map(({ box, confidence, rotation }) => {
    const { image, left, top, scale } = contextCrop(photo, box);
    const inCrop = {
      x: (box.x - left) * scale,
      y: (box.y - top) * scale,
      width: box.width * scale,
      height: box.height * scale,
    };
    return { answer: { box, confidence }, input: { picture: image, box: inCrop, rotation } };
  });
  const located = await locator.locate(crops.map(({ input }) => input));
  await Promise.all([detector.close(), locator.close()]);
  return crops.flatMap(({ answer, input }, index) => {
    const geometry = located[index];
    if (geometry === undefined) return [];
    const { data, width, height } = alignFace(input.picture, alignmentPoints(geometry));
    const pixels = { $case: 'rgb' as const, value: Buffer.from(data) };
    return [FaceOnLine.fromPartial({ answer, aligned: { pixels, width, height } })];
  });
}

describe('the embedder stage', () => {
  let stage: Stage;
  let faces: FaceOnLine[];
  let batches: number[];
  const context: StageContext = {
    logger: createLogger({ service: 'embedder-test', level: 'silent' }),
    signal: new AbortController().signal,
    readImage: () => Promise.reject(new Error('the embedder reads no photo')),
    inference: (batch, run) => {
      batches.push(batch);
      return run();
    },
  };

  beforeAll(async () => {
    stage = await embedderFactory.create({
      modelPack: defaultManifestPath(),
      inferenceThreads: 2,
      config: { furtherPacks: [] },
    });
    faces = await alignedFaces('sample2.jpg');
  });
  beforeEach(() => {
    batches = [];
  });
  afterAll(async () => {
    await stage.close();
  });

  const templatesOf = (job: Job): (Template | undefined)[] =>
    job.photos.flatMap((photo) => photo.faces.map(({ answer }) => answer?.template));

  it('gives every face a template when the request asks for them', async () => {
    const job = Job.fromPartial({ photos: [{ faces }], options: { features: { template: true } } });
    const templates = templatesOf(await stage.process(job, context));
    expect(templates).toHaveLength(3);
    for (const template of templates) {
      expect(template?.vector).toHaveLength(512);
      expect(Math.hypot(...(template?.vector ?? []))).toBeCloseTo(1, 6);
      expect(template?.modelVersion).toBe(loadPack(defaultManifestPath()).model('embedding').version);
    }
    expect(batches).toEqual([3]);
  });

  it('leaves the job that it is given as it is', async () => {
    const job = Job.fromPartial({ photos: [{ faces }], options: { features: { template: true } } });
    await stage.process(job, context);
    expect(templatesOf(job)).toEqual([undefined, undefined, undefined]);
  });

  it('compares the first faces of two photos, without handing out their templates', async () => {
    const [first, second] = faces;
    const compared = async (a: FaceOnLine | undefined, b: FaceOnLine | undefined) =>
      stage.process(
        Job.fromPartial({
          photos: [{ faces: a ? [a] : [] }, { faces: b ? [b] : [] }],
          options: { compare: true },
        }),
        context,
      );
    const same = await compared(first, first);
    expect(same.similarity?.score).toBeCloseTo(100, 3);
    expect(same.similarity?.cosine).toBeCloseTo(1, 6);
    expect(templatesOf(same)).toEqual([undefined, undefined]);
    const different = await compared(first, second);
    expect(different.similarity?.score).toBeLessThan(40);
    expect(different.similarity?.modelVersion).toBe(same.similarity?.modelVersion);
    expect((await compared(first, undefined)).similarity).toBeUndefined();
  });

  describe('with masks reckoned with', () => {
    const mask = (value: Mask, probability = 0.9) => ({ attributes: { mask: { value, probability } } });
    const compared = async (
      masked: MaskedComparison,
      [a, b]: FaceOnLine[] = [],
      worn: { attributes?: object } = {},
      template = false,
    ) => {
      const wearing = a && { ...a, answer: Face.fromPartial({ ...a.answer, ...worn }) };
      const job = Job.fromPartial({
        photos: [{ faces: wearing ? [wearing] : [] }, { faces: b ? [b] : [] }],
        options: { compare: true, masked, features: { template } },
      });
      return stage.process(job, context);
    };
    const { MASKED_COMPARISON_AUTO, MASKED_COMPARISON_OFF, MASKED_COMPARISON_ON } = MaskedComparison;
    const model = loadPack(defaultManifestPath()).model('embedding');
    const upperVersion = `${model.version}+${model.embedding.upperFace?.version}`;

    it('compares what masks leave free when told so, on a scale of its own', async () => {
      const { similarity, photos } = await compared(MASKED_COMPARISON_ON, faces);
      const whole = (await compared(MASKED_COMPARISON_OFF, faces)).similarity;
      expect(similarity).toMatchObject({ upperFaceOnly: true, modelVersion: upperVersion });
      expect(whole).toMatchObject({ upperFaceOnly: false, modelVersion: model.version });
      expect(similarity?.cosine).not.toBeCloseTo(whole?.cosine ?? 0, 3);
      expect(photos.flatMap((photo) => photo.faces.map(({ answer }) => answer?.template))).toEqual([
        undefined,
        undefined,
      ]);
      const [face] = faces;
      const same = await compared(MASKED_COMPARISON_ON, face ? [face, face] : []);
      expect(same.similarity?.score).toBeCloseTo(100, 3);
      expect((await compared(MASKED_COMPARISON_ON, faces.slice(0, 1))).similarity).toBeUndefined();
    });

    it.each([
      ['a mask over mouth and nose', mask(Mask.MASK_FULL), true],
      ['a mask over the mouth', mask(Mask.MASK_MOUTH), true],
      ['a mask that is not likely', mask(Mask.MASK_FULL, 0.3), false],
      ['a mask on the chin', mask(Mask.MASK_CHIN), false],
      ['no mask', mask(Mask.MASK_NONE), false],
      ['nothing known', {}, false],
    ])('decides by itself: %s', async (_, worn, upperFaceOnly) => {
      const { similarity } = await compared(MASKED_COMPARISON_AUTO, faces, worn);
      expect(similarity?.upperFaceOnly).toBe(upperFaceOnly);
    });

    it('looks at no whole face that nobody asked for', async () => {
      await compared(MASKED_COMPARISON_ON, faces);
      expect(batches).toEqual([2]);
    });

    it('hands out templates of whole faces all the same', async () => {
      const { similarity, photos } = await compared(MASKED_COMPARISON_ON, faces, {}, true);
      expect(similarity?.upperFaceOnly).toBe(true);
      expect(photos.map((photo) => photo.faces[0]?.answer?.template?.modelVersion)).toEqual([
        model.version,
        model.version,
      ]);
    });
  });

  it('tells how cosines become scores when the request asks for that', async () => {
    const options = { features: { template: true }, calibration: true };
    const { calibration } = await stage.process(Job.fromPartial({ photos: [{ faces }], options }), context);
    const { knots } = loadPack(defaultManifestPath()).model('embedding').embedding.calibration;
    expect(calibration).toEqual({ knots });
    const unasked = Job.fromPartial({ photos: [{ faces }], options: { features: { template: true } } });
    expect((await stage.process(unasked, context)).calibration).toBeUndefined();
  });

  it('passes photos with a problem through and embeds the others', async () => {
    const problem = { reason: 'NO_FACE', message: 'the photo shows no face', stage: 'detector' };
    const job = Job.fromPartial({
      photos: [{ faces, problem }, { faces: faces.slice(0, 1) }],
      options: { features: { template: true } },
    });
    const answered = await stage.process(job, context);
    expect(answered.photos[0]).toEqual(job.photos[0]);
    expect(answered.photos[1]?.faces[0]?.answer?.template?.vector).toHaveLength(512);
    expect(batches).toEqual([1]);
  });

  it('answers a job without faces at once', async () => {
    const job = Job.fromPartial({ photos: [{ faces: [] }], options: { features: { template: true } } });
    expect(await stage.process(job, context)).toEqual(job);
    expect(batches).toEqual([]);
  });

  it('refuses a face whose aligned pixels are missing', async () => {
    const job = Job.fromPartial({ photos: [{ faces: [{ answer: {} }] }], options: { compare: true } });
    await expect(stage.process(job, context)).rejects.toMatchObject({ reason: 'INTERNAL' });
  });
});
