import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '../photos/repository';

const run = promisify(execFile);
const PROTO = join(repositoryRoot(), 'proto');
const { version: CURRENT } = require('../../package.json');

/** The contracts as later code might have them, held to what was released. */
describe('the check of the contract', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mien-contract-'));
    for (const part of ['mien', 'google', 'releases', 'scripts', 'buf.yaml']) {
      await cp(join(PROTO, part), join(folder, part), { recursive: true });
    }
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const check = () => {
    const path = `${join(PROTO, 'node_modules', '.bin')}:${process.env['PATH']}`;
    return run(process.execPath, ['scripts/breaking.mjs'], {
      cwd: folder,
      env: { ...process.env, PATH: path },
    });
  };
  const change = async (file: string, from: string, to: string) => {
    const path = join(folder, 'mien', file);
    const before = await readFile(path, 'utf8');
    expect(before).toContain(from);
    await writeFile(path, before.replace(from, to));
  };

  it('has the contract of this version', async () => {
    expect(await readdir(join(PROTO, 'releases'))).toContain(`${CURRENT}.binpb`);
  });

  it('lets fields be added', async () => {
    await change(
      'line/v1/job_record.proto',
      '  uint32 index = 2;',
      '  uint32 index = 2;\n  string added = 3;',
    );
    expect((await check()).stdout).toContain(`compatible with ${CURRENT}`);
  });

  it.each([
    ['a field that is gone', 'line/v1/job_record.proto', '  uint32 index = 2;\n', ''],
    ['a field of another type', 'line/v1/job_record.proto', '  uint32 index = 2;', '  string index = 2;'],
    ['a field of another number', 'line/v1/job_record.proto', '  uint32 index = 2;', '  uint32 index = 3;'],
    ['a value that is gone', 'v1/face_service.proto', '  FACE_SELECTION_MOST_CONFIDENT = 2;\n', ''],
  ])('refuses %s', async (_, file, from, to) => {
    await change(file, from, to);
    await expect(check()).rejects.toMatchObject({ code: 1 });
  });
});
