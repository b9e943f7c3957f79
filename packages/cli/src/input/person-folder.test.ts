import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { personsIn } from './person-folder';

describe('a folder of people', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mien-people-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function photo(...path: string[]): Promise<void> {
    await mkdir(join(folder, ...path.slice(0, -1)), { recursive: true });
    await writeFile(join(folder, ...path), '');
  }

  it('has a person for each photo and each folder of photos, by name', async () => {
    await photo('bob.JPG');
    await photo('ada', '2.png');
    await photo('ada', '1.webp');
    await photo('notes.txt');
    await photo('.hidden.jpg');
    expect(await personsIn(folder)).toEqual([
      {
        id: 'ada',
        path: join(folder, 'ada'),
        photos: [join(folder, 'ada', '1.webp'), join(folder, 'ada', '2.png')],
      },
      { id: 'bob', path: join(folder, 'bob.JPG'), photos: [join(folder, 'bob.JPG')] },
    ]);
  });

  it('says of each name that is no id, comes twice or has no photos what is wrong', async () => {
    await photo('a name.jpg');
    await photo(`${'x'.repeat(65)}.jpg`);
    await photo('zoe.jpg');
    await photo('zoe.png');
    await mkdir(join(folder, 'empty'));
    const complaints = (await personsIn(folder)).map(({ complaint }) => complaint);
    expect(complaints).toEqual([
      expect.stringContaining(`"a name" can't be the id`),
      'a folder without photos',
      expect.stringContaining(`can't be the id`),
      undefined,
      `the same id, zoe, as ${join(folder, 'zoe.jpg')}`,
    ]);
  });
});
