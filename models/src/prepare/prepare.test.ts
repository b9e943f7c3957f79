import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { loadPack, readManifest, verifyPack } from '../pack';
import { type Progress, preparePack } from './prepare';

const COMMITTED = resolve(__dirname, '../../packs/default/manifest.json');
const manifest = readManifest(COMMITTED);
const text = readFileSync(COMMITTED, 'utf8');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mien-prepare-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function prepare(manifestText = text): Promise<Record<string, Progress['outcome']>> {
  const outcomes: Record<string, Progress['outcome']> = {};
  await preparePack(manifest, manifestText, folder, ({ model, outcome }) => {
    outcomes[model.task] = outcome;
  });
  return outcomes;
}

test('every model is made, byte for byte the committed one', async () => {
  const outcomes = await prepare();
  expect(new Set(Object.values(outcomes))).toEqual(new Set(['made']));
  await verifyPack(loadPack(join(folder, 'manifest.json')));
});

test('a second run makes nothing', async () => {
  const before = statSync(join(folder, 'mesh.onnx')).mtimeMs;
  expect(new Set(Object.values(await prepare()))).toEqual(new Set(['present']));
  expect(statSync(join(folder, 'mesh.onnx')).mtimeMs).toBe(before);
});

test('only a damaged file is made again', async () => {
  writeFileSync(join(folder, 'iris.onnx'), 'half a model');
  const { iris, ...others } = await prepare();
  expect(iris).toBe('made');
  expect(new Set(Object.values(others))).toEqual(new Set(['present']));
  await verifyPack(loadPack(join(folder, 'manifest.json')));
});

test('a changed manifest is copied, the files stay', async () => {
  const outcomes = await prepare(`${text}\n`);
  expect(readFileSync(join(folder, 'manifest.json'), 'utf8')).toBe(`${text}\n`);
  expect(new Set(Object.values(outcomes))).toEqual(new Set(['present']));
});

test('a source or a result that is not the committed one is refused, the file untouched', async () => {
  const [first] = manifest.models;
  if (!first) throw new Error('the pack is empty');
  const other = '0'.repeat(64);
  const run = (model: typeof first) =>
    preparePack({ ...manifest, models: [model] }, text, folder, () => undefined);
  const path = join(folder, first.file);
  const before = readFileSync(path);
  await expect(run({ ...first, sha256: other })).rejects.toMatchObject({ reason: 'result-differs' });
  const files = first.source.files.map((file) => ({ ...file, sha256: other }));
  await expect(run({ ...first, sha256: other, source: { ...first.source, files } })).rejects.toMatchObject({
    reason: 'source-changed',
  });
  expect(Buffer.compare(readFileSync(path), before)).toBe(0);
});
