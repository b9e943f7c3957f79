import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { faceCrops } from '../fixtures/face-crops';
import { largestDifference, openSession, runSession, toChannelsFirst } from '../fixtures/onnx-session';
import { loadReference, runReference, startTensorFlow } from '../fixtures/tensorflow';
import type { ModelEntry, ModelOf, ModelTask } from '../manifest';
import { readManifest } from '../pack';
import { RECIPES } from './recipes';
import { readSources } from './sources';

const manifest = readManifest(resolve(__dirname, '../../packs/default/manifest.json'));

let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mien-recipes-'));
  await startTensorFlow();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function entry<T extends ModelTask>(task: T): ModelOf<T> {
  const found = manifest.models.find((model): model is ModelOf<T> => model.task === task);
  if (!found) throw new Error(`the pack has no ${task}`);
  return found;
}

/** Makes a model as preparation does and opens it. */
async function openPrepared(model: ModelEntry) {
  const path = join(folder, model.file);
  writeFileSync(path, RECIPES[model.task](readSources(model)));
  return openSession(path);
}

/** Four face crops as the entry's network is fed, interleaved by channel. */
async function pixels({ input }: ModelEntry, width: number, height: number): Promise<Float32Array> {
  const bytes = Buffer.concat(await faceCrops(width, height));
  return Float32Array.from(bytes, (_, index) => {
    const channel = index % 3;
    const from = input.colour === 'BGR' ? index - channel + (2 - channel) : index;
    return ((bytes[from] ?? 0) - (input.mean[channel] ?? 0)) / (input.std[channel] ?? 1);
  });
}

function sizeOf({ input }: ModelEntry): { width: number; height: number } {
  return input.size.kind === 'fixed' ? input.size : { width: 320, height: 240 };
}

/** Names of the network's outputs in the manifest. */
function outputNames(model: ModelEntry): string[] {
  if (model.task === 'detection') {
    return model.decoder.kind === 'ultraface-anchors' ? Object.values(model.decoder.outputs) : [];
  }
  const outputs: Record<string, { name: string } | undefined> = model.outputs;
  return Object.values(outputs).flatMap((output) => (output ? [output.name] : []));
}

test.each(manifest.models.map((model) => [model.task, model] as const))(
  '%s answers four faces at once as it answers them one by one',
  async (_, model) => {
    const session = await openPrepared(model);
    const { width, height } = sizeOf(model);
    const data = toChannelsFirst(await pixels(model, width, height), 3, width * height);
    const each = data.length / 4;
    const batch = await runSession(session, data, [4, 3, height, width]);
    expect(Object.keys(batch).sort()).toEqual(outputNames(model).sort());
    for (let face = 0; face < 4; face++) {
      const alone = await runSession(session, data.subarray(face * each, (face + 1) * each), [
        1,
        3,
        height,
        width,
      ]);
      for (const [name, values] of Object.entries(alone)) {
        const together = batch[name]?.subarray(face * values.length, (face + 1) * values.length);
        expect(largestDifference(values, together ?? new Float32Array())).toBeLessThan(1e-5);
        expect(new Set(values).size > 1 || values.length === 1).toBe(true);
      }
    }
  },
);

test.each<[ModelTask, string, string[]]>([
  ['mesh', 'facemesh', ['Identity_2', 'Identity_1']],
  ['iris', 'iris', ['Identity']],
  ['gender-age', 'faceres', ['gender_pred/Sigmoid', 'age_pred/Softmax', 'global_pooling/Mean']],
])('%s answers as TensorFlow.js does with %s', async (task, reference, nodes) => {
  const model = entry(task);
  const session = await openPrepared(model);
  const { model: graph } = await loadReference(reference);
  const { width, height } = sizeOf(model);
  const data = await pixels(model, width, height);
  const answers = await runSession(session, toChannelsFirst(data, 3, width * height), [4, 3, height, width]);
  const expected = await runReference(graph, data, [4, height, width, 3], nodes);
  graph.dispose();
  outputNames(model).forEach((name, index) => {
    const values = expected[index] ?? new Float32Array();
    // Coordinates are in pixels of the crop: the tolerance is of the crop's side.
    const scale = task === 'gender-age' ? 1 : width;
    expect(largestDifference(answers[name] ?? new Float32Array(), values) / scale).toBeLessThan(1e-4);
  });
});

test.each<ModelTask>(['embedding', 'expression', 'liveness'])(
  '%s answers as the network it was made from',
  async (task) => {
    const model = entry(task);
    const prepared = await openPrepared(model);
    const [{ path } = { path: '' }] = model.source.files;
    const original = await openSession(
      join(dirname(require.resolve(`${model.source.package}/package.json`)), path),
    );
    const { width, height } = sizeOf(model);
    const data = toChannelsFirst(await pixels(model, width, height), 3, width * height).subarray(
      0,
      3 * width * height,
    );
    const { output: now = new Float32Array() } = await runSession(prepared, data, [1, 3, height, width]);
    const { output: before = new Float32Array() } = await runSession(original, data, [1, 3, height, width]);
    expect(largestDifference(now, before)).toBeLessThan(1e-4);
  },
);

describe('detection', () => {
  const model = entry('detection');

  function levels() {
    const { decoder } = model;
    if (decoder.kind !== 'ultraface-anchors') throw new Error('not UltraFace');
    return decoder.levels;
  }

  /** The original's anchors as [centre x, centre y, size] in pixels: its cells divide the picture evenly. */
  function anchors(width: number, height: number): [number, number, number][] {
    return levels().flatMap(({ stride, minBoxes }) => {
      const columns = Math.ceil(width / stride);
      const rows = Math.ceil(height / stride);
      const cells = Array.from({ length: columns * rows }, (_, cell) => cell);
      return cells.flatMap((cell) =>
        minBoxes.map((size): [number, number, number] => [
          (((cell % columns) + 0.5) * width) / columns,
          ((Math.floor(cell / columns) + 0.5) * height) / rows,
          size,
        ]),
      );
    });
  }

  // Trained at 320x240, where a level's rows are 240 / rows apart and not its stride, a network that cannot see
  // which row it is in learns the mean of the difference.
  test('the vertical offset of each level is the mean difference at 320x240', () => {
    for (const { stride, centreOffsetY } of levels()) {
      const rows = Math.ceil(240 / stride);
      expect(centreOffsetY).toBe((240 - stride * rows) / 2);
    }
  });

  test('the cut network and the manifest give the boxes of the original', async () => {
    const [{ path } = { path: '' }] = model.source.files;
    const root = dirname(require.resolve(`${model.source.package}/package.json`));
    const original = await openSession(join(root, path));
    const data = toChannelsFirst(await pixels(model, 320, 240), 3, 320 * 240).subarray(0, 3 * 320 * 240);
    const before = await runSession(original, data, [1, 3, 240, 320]);
    const now = await runSession(await openPrepared(model), data, [1, 3, 240, 320]);
    expect(
      largestDifference(now['scores'] ?? new Float32Array(), before['scores'] ?? new Float32Array()),
    ).toBeLessThan(1e-6);
    const coded = now['boxes'] ?? new Float32Array();
    const decoded = Float32Array.from(
      anchors(320, 240).flatMap(([x, y, size], index) => {
        const [dx = 0, dy = 0, dw = 0, dh = 0] = coded.subarray(index * 4, index * 4 + 4);
        const [cx, cy] = [x + dx * 0.1 * Math.min(size, 320), y + dy * 0.1 * Math.min(size, 240)];
        // The original's anchors are no larger than its picture.
        const [w, h] = [Math.min(size, 320) * Math.exp(dw * 0.2), Math.min(size, 240) * Math.exp(dh * 0.2)];
        return [(cx - w / 2) / 320, (cy - h / 2) / 240, (cx + w / 2) / 320, (cy + h / 2) / 240];
      }),
    );
    expect(decoded.length).toBe(before['boxes']?.length);
    expect(largestDifference(decoded, before['boxes'] ?? new Float32Array())).toBeLessThan(1e-5);
  });

  test.each([
    [640, 480],
    [333, 517],
    [64, 64],
  ])('a picture of %i x %i has an answer for every anchor', async (width, height) => {
    const session = await openPrepared(model);
    const data = toChannelsFirst(await pixels(model, width, height), 3, width * height);
    const { scores, boxes } = await runSession(session, data.subarray(0, 3 * width * height), [
      1,
      3,
      height,
      width,
    ]);
    const count = anchors(width, height).length;
    expect(scores?.length).toBe(count * 2);
    expect(boxes?.length).toBe(count * 4);
  });
});
