import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalDiskStore } from '@mien/stores';
import { Uploads } from './uploads';

/** A photo as far as the gateway looks: a JPEG's first bytes. */
const PHOTO = Buffer.from('ffd8ffe000104a464946', 'hex');

describe('uploads', () => {
  let folder: string;
  let store: LocalDiskStore;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mien-uploads-'));
    store = await LocalDiskStore.open({ folder, fsync: false });
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('are found by the key that sent them and by no other', async () => {
    const uploads = new Uploads(store, 3_600);
    const { id, expiresAt } = await uploads.keep(PHOTO, 'gate-3');
    expect(expiresAt.getTime()).toBeGreaterThan(Date.now() + 3_500_000);
    uploads.check(id, 'photos[0].upload_id');
    expect(await uploads.read(id, 'gate-3', 'photos[0].upload_id')).toEqual(PHOTO);
    await expect(uploads.read(id, 'gate-4', 'photos[0].upload_id')).rejects.toMatchObject({
      reason: 'UPLOAD_NOT_FOUND',
      metadata: { field: 'photos[0].upload_id' },
    });
  });

  it('may be named in a job until they expire', async () => {
    const uploads = new Uploads(store, 3_600);
    const [digest = ''] = (await uploads.keep(PHOTO, 'gate-3')).id.split('.');
    const id = `${digest}.${Math.floor(Date.now() / 1_000 - 1).toString(36)}`;
    expect(() => uploads.check(id, 'upload_id')).toThrow(
      expect.objectContaining({ reason: 'UPLOAD_NOT_FOUND' }),
    );
  });

  it.each(['', 'x', '../../etc/passwd', `${'0'.repeat(64)}`, `${'g'.repeat(64)}.zz`])(
    'have ids, which %j is none of',
    async (id) => {
      const uploads = new Uploads(store, 3_600);
      const refusal = { reason: 'UPLOAD_NOT_FOUND' };
      expect(() => uploads.check(id, 'upload_id')).toThrow(expect.objectContaining(refusal));
      await expect(uploads.read(id, 'gate-3', 'upload_id')).rejects.toMatchObject(refusal);
    },
  );

  it.each([
    ['nothing', Buffer.alloc(0), 'IMAGE_MISSING'],
    ['another file', Buffer.from('GIF89a'), 'IMAGE_FORMAT_UNSUPPORTED'],
    ['too large a photo', Buffer.concat([PHOTO, Buffer.alloc(10 * 1_048_576)]), 'IMAGE_TOO_LARGE'],
  ])('are not %s', async (_, content, reason) => {
    await expect(new Uploads(store, 3_600).keep(content, 'gate-3')).rejects.toMatchObject({ reason });
  });
});
