import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LineFile } from './line-file';

describe('a file of lines', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mien-lines-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('holds a line of JSON for each value', async () => {
    const path = join(folder, 'out.jsonl');
    const lines = new LineFile(path);
    for (let index = 0; index < 5_000; index++) {
      await lines.write({ index, text: 'line\nbreak' });
    }
    await lines.close();
    const written = (await readFile(path, 'utf8')).trimEnd().split('\n');
    expect(written).toHaveLength(5_000);
    expect(JSON.parse(written.at(-1) ?? '')).toEqual({ index: 4_999, text: 'line\nbreak' });
  });

  it('says when it can not be written', async () => {
    const lines = new LineFile(join(folder, 'nowhere', 'out.jsonl'));
    await expect(
      (async () => {
        await lines.write({});
        await lines.close();
      })(),
    ).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
