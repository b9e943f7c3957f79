import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPglitePeopleStore } from './open-pglite';

describe('PGlite', () => {
  it('opens', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mien-people-'));
    const store = await openPglitePeopleStore({ folder });
    expect(await store.totals()).toEqual({ groups: 0, persons: 0, faces: 0 });
    await store.maintain();
    await store.close();
    await rm(folder, { recursive: true });
  });
});
