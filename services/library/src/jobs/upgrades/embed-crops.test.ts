import { randomUUID } from 'node:crypto';
import { defaultManifestPath, loadPack } from '@mien/models';
import { Embedder, type RgbImage, rgbImage } from '@mien/vision';
import { AVERAGING_MODEL, EmbedderLine } from '../testing/embedder-line';
import { packagedCrops, png } from '../testing/packaged-crops';
import { CropEmbedder, type CroppedFace, type Embedded } from './embed-crops';

const MAIN_MODEL = loadPack(defaultManifestPath()).model('embedding').version;

describe('templates from stored crops', () => {
  let line: EmbedderLine;
  let embedder: CropEmbedder;
  let pictures: RgbImage[];
  let faces: CroppedFace[];
  const { signal } = new AbortController();

  beforeAll(async () => {
    line = await EmbedderLine.start();
    embedder = new CropEmbedder({ objects: line.runtime.store, jobs: line.jobs });
    const crops = await packagedCrops('sample2.jpg');
    pictures = crops.map(({ picture }) => picture);
    faces = await Promise.all(crops.map((crop) => stored(crop.png)));
  }, 60_000);
  afterAll(() => line.stop());

  async function stored(bytes: Buffer): Promise<CroppedFace> {
    const { key } = await line.runtime.store.put(bytes, { prefix: 'crops' });
    return { faceId: randomUUID(), cropKey: key };
  }

  function vectorOf(embedded: readonly Embedded[], { faceId }: CroppedFace): Float32Array | undefined {
    const one = embedded.find((face) => face.faceId === faceId);
    return one !== undefined && 'vector' in one ? one.vector : undefined;
  }

  it('are those that the model makes of the aligned face itself', async () => {
    const model = await Embedder.open(loadPack(defaultManifestPath()), { threads: 1 });
    const direct = await model.embed(pictures);
    await model.close();
    const embedded = await embedder.embed(faces, MAIN_MODEL, signal);
    expect(faces).toHaveLength(3);
    faces.forEach((face, index) => {
      const vector = vectorOf(embedded, face) ?? new Float32Array();
      expect(vector).toHaveLength(512);
      expect(dot(vector, direct[index]?.vector ?? [])).toBeGreaterThan(0.99999);
    });
  });

  it('are of the further model when that is asked for', async () => {
    const main = await embedder.embed(faces, MAIN_MODEL, signal);
    const other = await embedder.embed(faces, AVERAGING_MODEL, signal);
    for (const face of faces) {
      const likeness = dot(vectorOf(main, face) ?? new Float32Array(), vectorOf(other, face) ?? []);
      expect(likeness).toBeGreaterThan(0.8);
      expect(likeness).toBeLessThan(0.9999);
    }
  });

  it('are told missing face by face, without harm to the others', async () => {
    const small = await png(rgbImage(new Uint8Array(64 * 64 * 3), 64, 64));
    const broken = [
      { faceId: randomUUID() },
      { faceId: randomUUID(), cropKey: `crops/${'0'.repeat(64)}` },
      await stored(Buffer.from('no picture')),
      await stored(small),
    ];
    const embedded = await embedder.embed([...broken, ...faces], MAIN_MODEL, signal);
    const refusals = broken.map(({ faceId }) => {
      const one = embedded.find((face) => face.faceId === faceId);
      return one !== undefined && 'refusal' in one ? one.refusal.reason : undefined;
    });
    expect(refusals).toEqual(['BLOB_LOST', 'BLOB_LOST', 'IMAGE_FORMAT_UNSUPPORTED', 'STAGE_FAILED']);
    expect(faces.map((face) => vectorOf(embedded, face)?.length)).toEqual([512, 512, 512]);
  }, 120_000);

  it('of a model that the embedder does not run are refused as a whole', async () => {
    await expect(embedder.embed(faces, 'fr-feature-9', signal)).rejects.toMatchObject({
      reason: 'MODEL_VERSIONS_DIFFER',
    });
  });
});

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}
