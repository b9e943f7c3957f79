import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { defaultManifestPath, loadPack, PackError, readManifest, readPack, verifyPack } from './pack';

const COMMITTED = resolve(__dirname, '../packs/default/manifest.json');
const EXAMPLES = resolve(__dirname, '../examples');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mien-pack-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Puts a manifest in a folder of its own, with a file of some bytes for each model. */
function install(
  name: string,
  manifestPath: string,
  change: (manifest: object) => object = (m) => m,
): string {
  const directory = join(folder, name);
  mkdirSync(directory, { recursive: true });
  const manifest = JSON.parse(readFileSync(manifestPath, 'utf8'));
  for (const { file } of manifest.models) writeFileSync(join(directory, file), `weights of ${file}`);
  const path = join(directory, 'manifest.json');
  writeFileSync(path, JSON.stringify(change(manifest)));
  return path;
}

function reasonOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof PackError) return error.reason;
    throw error;
  }
  return 'none';
}

test('the default pack gives each model by its task, with its absolute path', () => {
  const path = install('default', COMMITTED);
  const embedding = loadPack(path).model('embedding');
  expect(embedding.path).toBe(join(dirname(path), 'embedding.onnx'));
  expect(embedding.embedding.size).toBe(512);
  expect(loadPack(path).model('detection').decoder.kind).toBe('ultraface-anchors');
});

test('a missing file is told before any model is opened', () => {
  const path = install('default', COMMITTED);
  rmSync(join(dirname(path), 'iris.onnx'));
  expect(reasonOf(() => loadPack(path))).toBe('file-missing');
});

test('a manifest alone tells of its models', () => {
  const path = install('default', COMMITTED);
  const { version } = loadPack(path).model('embedding');
  rmSync(join(dirname(path), 'embedding.onnx'));
  expect(readPack(path).model('embedding').version).toBe(version);
});

test('a file that is not the one of the manifest fails verification', async () => {
  const pack = loadPack(install('default', COMMITTED));
  await expect(verifyPack(pack)).rejects.toMatchObject({ reason: 'hash-mismatch' });
});

test('the prepared pack passes verification', async () => {
  await verifyPack(loadPack(defaultManifestPath()));
});

test.each(['insightface', 'opencv-zoo'])('example %s replaces two models and keeps the others', (name) => {
  const base = install('default', COMMITTED);
  const pack = loadPack(install(name, join(EXAMPLES, `${name}.json`)));
  expect(pack.model('detection').path.startsWith(join(folder, name))).toBe(true);
  expect(pack.model('embedding').version).not.toBe(loadPack(base).model('embedding').version);
  expect(pack.model('mesh').path).toBe(join(dirname(base), 'mesh.onnx'));
});

test('a pack without a model for a task says so', () => {
  const path = install('alone', join(EXAMPLES, 'opencv-zoo.json'), (m) => ({ ...m, extends: undefined }));
  expect(loadPack(path).find('mesh')).toBeUndefined();
  expect(reasonOf(() => loadPack(path).model('mesh'))).toBe('task-missing');
});

test('a pack that extends itself is refused', () => {
  const path = install('loop', COMMITTED, (m) => ({ ...m, extends: 'manifest.json' }));
  expect(reasonOf(() => loadPack(path))).toBe('manifest-malformed');
});

test('no manifest, no JSON and a wrong field each have their reason', () => {
  const path = join(folder, 'manifest.json');
  expect(reasonOf(() => readManifest(path))).toBe('manifest-missing');
  writeFileSync(path, '{');
  expect(reasonOf(() => readManifest(path))).toBe('manifest-malformed');
  copyFileSync(COMMITTED, path);
  expect(reasonOf(() => readManifest(path))).toBe('none');
});

interface Draft {
  models: { task: string; file: string; embedding?: { calibration: object }; input: { mean: number[] } }[];
}

const KNOTS_DOWN = {
  knots: [
    { cosine: 0, score: 50 },
    { cosine: 1, score: 40 },
  ],
  falseAcceptRates: [],
};

test.each<[string, (draft: Draft) => void]>([
  ['two models for one task', ({ models }) => models.push(...models.slice(0, 1))],
  [
    'a file outside the folder',
    ({ models }) =>
      models.forEach((model) => {
        model.file = '../x.onnx';
      }),
  ],
  [
    'a mean for one channel of three',
    ({ models }) =>
      models.forEach((model) => {
        model.input.mean = [0];
      }),
  ],
  [
    'a calibration that falls',
    ({ models }) =>
      models.forEach((model) => {
        if (model.embedding) model.embedding.calibration = KNOTS_DOWN;
      }),
  ],
])('a manifest with %s is malformed', (_, spoil) => {
  const draft: Draft = JSON.parse(readFileSync(COMMITTED, 'utf8'));
  spoil(draft);
  const path = join(folder, 'manifest.json');
  writeFileSync(path, JSON.stringify(draft));
  expect(reasonOf(() => readManifest(path))).toBe('manifest-malformed');
});
