import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultManifestPath, loadPack } from '@mien/models';
import { FaceOnLine, Job, Mask, MaskedComparison } from '@mien/proto';
import { createLogger, type Stage, type StageContext } from '@mien/service';
import { embedderFactory } from './stage';

const PACK = loadPack(defaultManifestPath()).model('embedding');
const SIDE = 112;

const context: StageContext = {
  logger: createLogger({ service: 'embedder-test', level: 'silent' }),
  signal: new AbortController().signal,
  readImage: () => Promise.reject(new Error('the embedder reads no photo')),
  inference: (_, run) => run(),
};

/** A picture that is no face, but a picture: what matters here is which models looked at it. */
function pattern(seed: number): FaceOnLine {
  const value = Buffer.from(Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, at) => (at * seed) % 251));
  const pixels = { $case: 'rgb' as const, value };
  return FaceOnLine.fromPartial({ answer: {}, aligned: { pixels, width: SIDE, height: SIDE } });
}

describe('the embedder with further packs', () => {
  let folder: string;
  const stages: Stage[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mien-packs-'));
    await copyFile(PACK.path, join(folder, PACK.file));
  });
  afterAll(async () => {
    await Promise.all(stages.map((stage) => stage.close()));
    await rm(folder, { recursive: true, force: true });
  });

  /** The default pack's network as another model: it averages a face and its mirror image. */
  async function pack(version: string, changes: Partial<typeof PACK> = {}): Promise<string> {
    const { path: _, ...model } = PACK;
    const averaging = {
      ...model,
      version,
      embedding: { ...model.embedding, flipAverage: true },
      ...changes,
    };
    const manifest = join(folder, `${version}.json`);
    await writeFile(
      manifest,
      JSON.stringify({ manifestVersion: 1, name: version, version: '1', models: [averaging] }),
    );
    return manifest;
  }

  async function stageWith(manifests: readonly string[], modelPack = defaultManifestPath()): Promise<Stage> {
    const config = await embedderFactory.configSchema.parseAsync({
      MIEN_EXTRA_EMBEDDING_PACKS: manifests.join(' , '),
    });
    const stage = await embedderFactory.create({
      modelPack,
      inferenceThreads: 1,
      config,
    });
    stages.push(stage);
    return stage;
  }

  it('gives each face a template of every model', async () => {
    const stage = await stageWith([await pack('averaging-1'), await pack('averaging-2')]);
    const job = Job.fromPartial({
      photos: [{ faces: [pattern(7), pattern(13)] }],
      options: { features: { template: true } },
    });
    const { faces = [] } = (await stage.process(job, context)).photos[0] ?? {};
    expect(faces).toHaveLength(2);
    for (const { answer, otherTemplates } of faces) {
      expect(answer?.template?.modelVersion).toBe(PACK.version);
      expect(otherTemplates.map((template) => template.modelVersion)).toEqual(['averaging-1', 'averaging-2']);
      expect(otherTemplates[0]?.vector).toHaveLength(512);
      expect(otherTemplates[0]?.vector).not.toEqual(answer?.template?.vector);
      expect(otherTemplates[1]?.vector).toEqual(otherTemplates[0]?.vector);
    }
    expect(faces[0]?.otherTemplates[0]?.vector).not.toEqual(faces[1]?.otherTemplates[0]?.vector);
  });

  it('refuses a model that wants faces aligned otherwise', async () => {
    const size = { kind: 'fixed' as const, width: 160, height: 160 };
    const other = await pack('larger', { input: { ...PACK.input, size } });
    await expect(stageWith([other])).rejects.toMatchObject({
      reason: 'CONFIGURATION_INVALID',
      message: expect.stringContaining('aligned otherwise'),
    });
  });

  it('compares masked faces whole with a model that was not measured on masks, unless it must not', async () => {
    const main = await pack('unmeasured', { embedding: { ...PACK.embedding, upperFace: undefined } });
    const stage = await stageWith([], main);
    const compared = (masked: MaskedComparison) => {
      const wearing = { attributes: { mask: { value: Mask.MASK_FULL, probability: 1 } } };
      const face = FaceOnLine.fromPartial({ ...pattern(7), answer: wearing });
      const photos = [{ faces: [face] }, { faces: [face] }];
      return stage.process(Job.fromPartial({ photos, options: { compare: true, masked } }), context);
    };
    const { similarity } = await compared(MaskedComparison.MASKED_COMPARISON_AUTO);
    expect(similarity).toMatchObject({ upperFaceOnly: false, modelVersion: 'unmeasured' });
    await expect(compared(MaskedComparison.MASKED_COMPARISON_ON)).rejects.toMatchObject({
      reason: 'MODEL_PACK_INVALID',
    });
  });

  it('refuses two models of one version', async () => {
    const twin = await pack(PACK.version);
    await expect(stageWith([twin])).rejects.toMatchObject({
      reason: 'CONFIGURATION_INVALID',
      message: expect.stringContaining(PACK.version),
    });
  });
});
