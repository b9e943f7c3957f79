import { execFile } from 'node:child_process';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Platform, startInOneProcess } from '@mien/platform';
import sharp from 'sharp';
import { packagedPhotos } from '../photos/packaged';
import { repositoryRoot } from '../photos/repository';
import { type TestSettings, testSettings } from './test-platform';

const CLI = join(repositoryRoot(), 'packages', 'cli', 'dist', 'main.js');
const [FIRST = '', SECOND = '', THIRD = ''] = packagedPhotos().map(({ path }) => path);

interface Finished {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

describe('mien, the command', () => {
  let settings: TestSettings;
  let platform: Platform;

  beforeAll(async () => {
    settings = await testSettings('cli');
    platform = await startInOneProcess(settings.env);
  });

  afterAll(async () => {
    await platform?.stop();
    await settings?.remove();
  });

  function mien(...args: string[]): Promise<Finished> {
    const env = { ...process.env, MIEN_ADDRESS: platform.grpcAddress };
    return new Promise((resolve) => {
      execFile(process.execPath, [CLI, ...args], { env, maxBuffer: 64 * 1024 * 1024 }, (error, out, err) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
      });
    });
  }

  it('shows a table with a row for each face', async () => {
    const { code, out } = await mien('detect', FIRST);
    expect(code).toBe(0);
    expect(out).toContain('3 faces');
    expect(out).toMatch(/│ 3 +│/);
    expect(out).not.toMatch(/│ 4 +│/);
  });

  it('prints JSON, with mesh and template when asked', async () => {
    const { out } = await mien('detect', FIRST, '--json', '--mesh', '--template');
    const { photo, faces } = JSON.parse(out);
    expect(photo).toBe(FIRST);
    expect(faces).toHaveLength(3);
    expect(faces[0].mesh).toHaveLength(468);
    expect(faces[0].template.vector).toHaveLength(512);
  });

  it('draws boxes and points into a copy of the same size', async () => {
    const target = join(settings.folder, 'drawn.png');
    const { code } = await mien('detect', FIRST, '--draw', target);
    expect(code).toBe(0);
    const { width, height } = await sharp(FIRST).metadata();
    expect(await sharp(target).metadata()).toMatchObject({ width, height, format: 'png' });
    const [drawn, plain] = await Promise.all(
      [target, FIRST].map((file) => sharp(file).removeAlpha().raw().toBuffer()),
    );
    expect(drawn?.equals(plain ?? Buffer.alloc(0))).toBe(false);
  });

  it('takes a folder, and lets a bad photo fail alone', async () => {
    const folder = join(settings.folder, 'album');
    await mkdir(join(folder, 'deeper'), { recursive: true });
    await copyFile(FIRST, join(folder, 'a.jpg'));
    await copyFile(THIRD, join(folder, 'deeper', 'c.jpg'));
    await writeFile(join(folder, 'b.jpg'), 'not a photo');
    await writeFile(join(folder, 'notes.txt'), 'left alone');
    const { code, out, err } = await mien('detect', folder, '--json');
    expect(code).toBe(1);
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).faces.length),
    ).toEqual([3, 3]);
    expect(err).toContain('IMAGE_FORMAT_UNSUPPORTED');
    expect(err).toContain('1 of 3 photos failed');
  });

  it('compares: the same woman in two photos, and two others', async () => {
    const same = JSON.parse((await mien('compare', FIRST, THIRD, '--json')).out);
    const other = JSON.parse((await mien('compare', FIRST, SECOND, '--json')).out);
    expect(same.similarity.score).toBeGreaterThan(60);
    expect(other.similarity.score).toBeLessThan(40);
  });

  it('judges liveness', async () => {
    const { code, out } = await mien('liveness', FIRST);
    expect(code).toBe(0);
    expect(out).toMatch(/(live|not live), score \d+\.\d, threshold \d+/);
  });

  it('says what is wrong with a photo, and with an address that nobody listens on', async () => {
    const missing = await mien('detect', join(settings.folder, 'nowhere.jpg'));
    expect(missing).toMatchObject({ code: 1, err: expect.stringContaining('nowhere.jpg') });
    const alone = await mien('detect', FIRST, '--address', '127.0.0.1:1', '--timeout-seconds', '2');
    expect(alone).toMatchObject({ code: 1, err: expect.stringContaining('Is the platform running?') });
  });
});
