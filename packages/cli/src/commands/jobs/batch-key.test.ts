import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { batchKey, freshKey, isBatchKey } from './batch-key';

describe('the key of a batch', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mien-key-'));
    path = join(folder, 'a.jpg');
    await writeFile(path, 'a photo');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is the same for the same work on the same photos, wherever it is run', async () => {
    const key = await batchKey({ detect: {} }, [{ name: path, photo: path }]);
    const fromHere = relative(process.cwd(), path);
    expect(await batchKey({ detect: {} }, [{ name: fromHere, photo: fromHere }])).toBe(key);
    expect(isBatchKey(key)).toBe(true);
    expect(Buffer.byteLength(key)).toBeLessThanOrEqual(128);
  });

  it('is another for other work, other content, other persons, other photos', async () => {
    const photo = { name: path, photo: path };
    const url = { name: 'u', photo: 'https://example.com/a.jpg' };
    const keys = [
      await batchKey({ detect: {} }, [photo]),
      await batchKey({ detect: { features: { mesh: true } } }, [photo]),
      await batchKey({ detect: {} }, [{ ...photo, person: { id: 'ada' } }]),
      await batchKey({ detect: {} }, [photo, url]),
      await batchKey({ detect: {} }, [url, photo]),
      freshKey(),
      freshKey(),
    ];
    await writeFile(path, 'another photo');
    keys.push(await batchKey({ detect: {} }, [photo]));
    expect(new Set(keys).size).toBe(keys.length);
  });
});
