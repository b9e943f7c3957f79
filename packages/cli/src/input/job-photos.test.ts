import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { givenPhotos, photosOfPersons } from './job-photos';

describe('the photos of a job', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mien-photos-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('are files, folders and addresses, without what is known not to be taken', async () => {
    await mkdir(join(folder, 'deep'));
    await writeFile(join(folder, 'deep', 'b.jpg'), 'b');
    await writeFile(join(folder, 'a.png'), 'a');
    await writeFile(join(folder, 'empty.jpg'), '');
    await writeFile(join(folder, 'huge.jpg'), Buffer.alloc(10 * 1024 * 1024 + 1));
    const url = 'https://example.com/c.jpg';
    const { photos, leftOut } = await givenPhotos([url, folder]);
    expect(photos.map(({ photo }) => photo)).toEqual([
      url,
      join(folder, 'a.png'),
      join(folder, 'deep', 'b.jpg'),
    ]);
    expect(leftOut.map(({ photo, reason }) => [photo, reason])).toEqual([
      [join(folder, 'empty.jpg'), 'IMAGE_MISSING'],
      [join(folder, 'huge.jpg'), 'IMAGE_TOO_LARGE'],
    ]);
    await expect(givenPhotos([join(folder, 'nowhere.jpg')])).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('have names of 256 bytes at most, however deep they lie', async () => {
    const deep = join(folder, 'ä'.repeat(100), 'ö'.repeat(100));
    await mkdir(deep, { recursive: true });
    await writeFile(join(deep, 'photo.jpg'), 'p');
    const { photos } = await givenPhotos([folder]);
    const [{ name = '' } = {}] = photos;
    expect(name.endsWith('ö/photo.jpg')).toBe(true);
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(256);
  });

  it('are of persons, where they are to be enrolled', async () => {
    await mkdir(join(folder, 'ada'));
    await writeFile(join(folder, 'ada', '1.jpg'), 'a');
    await writeFile(join(folder, 'bob.jpg'), 'b');
    await writeFile(join(folder, 'no name.jpg'), 'c');
    const { photos, leftOut } = await photosOfPersons([folder]);
    expect(photos.map(({ photo, person }) => [photo, person?.id])).toEqual([
      [join(folder, 'ada', '1.jpg'), 'ada'],
      [join(folder, 'bob.jpg'), 'bob'],
    ]);
    expect(leftOut).toEqual([
      {
        photo: join(folder, 'no name.jpg'),
        reason: 'ARGUMENT_INVALID',
        message: expect.stringContaining('rename it'),
      },
    ]);
    await expect(photosOfPersons([join(folder, 'bob.jpg')])).rejects.toThrow('no folder');
  });
});
