import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadPack } from '@mien/models';
import { ModelSession } from './model-session';

const run = promisify(execFile);
const PACK = join(__dirname, '..', '..', '..', '..', '.mien', 'models', 'default', 'manifest.json');
/** The file is there wherever the kernel has NVIDIA's driver. */
const withoutGpu = existsSync('/proc/driver/nvidia/version') ? it.skip : it;
const FACE = { data: new Float32Array(3 * 112 * 112).fill(0.5), dims: [1, 3, 112, 112] };

describe('a model session', () => {
  const model = loadPack(PACK).model('embedding');
  let session: ModelSession;

  beforeAll(async () => {
    session = await ModelSession.open(model.path, { threads: 1 });
  });

  afterAll(() => session?.close());

  it('answers each of many requests with its own outputs', async () => {
    const shades = [0.1, 0.5, 0.9].map((shade) => ({
      ...FACE,
      data: new Float32Array(FACE.data.length).fill(shade),
    }));
    const alone = [];
    for (const shade of shades) {
      alone.push(await session.run({ [model.input.name]: shade }));
    }
    const together = await Promise.all(shades.map((shade) => session.run({ [model.input.name]: shade })));
    expect(together).toEqual(alone);
    expect(together[0]).not.toEqual(together[1]);
  });

  it('leaves the event loop free while it works', async () => {
    const batch = { data: new Float32Array(16 * FACE.data.length), dims: [16, 3, 112, 112] };
    let turns = 0;
    let done = false;
    const running = session.run({ [model.input.name]: batch }).then(() => {
      done = true;
    });
    await new Promise<void>((resolve) => {
      const turn = () => {
        turns += 1;
        done ? resolve() : setImmediate(turn);
      };
      setImmediate(turn);
    });
    await running;
    expect(turns).toBeGreaterThan(10);
  });

  withoutGpu('does not fall back to the processor where there is no GPU to run on', async () => {
    await expect(ModelSession.open(model.path, { threads: 1, provider: 'cuda' })).rejects.toMatchObject({
      reason: 'MODEL_PACK_INVALID',
      message: expect.stringContaining('cuda'),
    });
  });

  it('tells nobody that it is used: onnxruntime leaves no id of the machine', async () => {
    const home = await mkdtemp(join(tmpdir(), 'mien-home-'));
    const opened = (program: string) =>
      run(process.execPath, ['-e', program], { cwd: join(__dirname, '..', '..'), env: { HOME: home } });
    const file = JSON.stringify(model.path);
    await opened(`require('./dist').ModelSession.open(${file}, { threads: 1 }).then((one) => one.close())`);
    expect(await readdir(home)).toEqual([]);
    // What it does by itself: once this fails, there is nothing left to turn off.
    await opened(`require('onnxruntime-node').InferenceSession.create(${file})`);
    expect(await readdir(home)).not.toEqual([]);
    await rm(home, { recursive: true });
  });

  it('says so when the model refuses the inputs, and works on', async () => {
    await expect(session.run({ nonsense: FACE })).rejects.toMatchObject({ reason: 'INTERNAL' });
    await expect(session.run({ [model.input.name]: FACE })).resolves.toBeDefined();
  });

  it('refuses what is no model, and requests after it was closed', async () => {
    await expect(ModelSession.open(__filename, { threads: 1 })).rejects.toMatchObject({
      reason: 'MODEL_PACK_INVALID',
    });
    const closed = await ModelSession.open(model.path, { threads: 1 });
    const underWay = closed.run({ [model.input.name]: FACE });
    await closed.close();
    await expect(underWay).resolves.toBeDefined();
    await expect(closed.run({ [model.input.name]: FACE })).rejects.toMatchObject({ reason: 'INTERNAL' });
  });
});
