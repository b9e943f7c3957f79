import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cp, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findPostgres, PostgresServer } from '@mien/people/dist/testing/postgres-server';
import { type Platform, startInOneProcess } from '@mien/platform';
import { JobState, MienClient, Role } from '@mien/sdk';
import { type TestSettings, testSettings } from '../e2e/test-platform';
import { singleFaces } from '../photos/single-faces';
import { checkLibrary } from './check-library';

const run = promisify(execFile);

const GROUP = 'staff';
const TIMEOUT_MS = 120_000;

/** What an operator does with backups, as docs/operations/backup-restore.md tells it, on a platform with people in it. */
describe('a backup', () => {
  let settings: TestSettings;
  let platform: Platform;
  let client: MienClient;

  const dataDir = () => join(settings.folder, 'data');
  const enrol = (id: string, picture: Buffer) =>
    client.library.createPerson({ groupId: GROUP, id, name: id }, picture);
  /** Who the picture shows, of those enrolled. */
  const whoIs = async (picture: Buffer) => {
    const { results } = await client.library.search(picture, [GROUP], { maxCandidates: 1 });
    return results[0]?.candidates[0]?.personId;
  };
  const start = async (env: NodeJS.ProcessEnv) => {
    platform = await startInOneProcess({ ...settings.env, ...env });
    client = new MienClient(platform.grpcAddress, { timeoutMs: TIMEOUT_MS });
  };
  const useKey = (apiKey: string) => {
    client.close();
    client = new MienClient(platform.grpcAddress, { timeoutMs: TIMEOUT_MS, apiKey });
  };
  const stop = async () => {
    client?.close();
    await platform?.stop();
  };

  afterEach(async () => {
    await stop();
    await settings?.remove();
  });

  it('of the data folder, taken while the platform is stopped, brings everything back', async () => {
    settings = await testSettings('backup');
    const keys = { MIEN_GATEWAY_AUTH: 'keys' };
    await start(keys);
    const adminKey = (await readFile(platform.adminKeyFile ?? '', 'utf8')).trim();
    useKey(adminKey);
    const pictures = (await singleFaces(client)).slice(0, 4);
    await client.library.createGroup({ id: GROUP, name: GROUP });
    for (const [place, picture] of pictures.entries()) {
      await enrol(`person-${place}`, picture);
    }
    const { secret } = await client.keys.create({ name: 'reader', role: Role.ROLE_READ });
    const job = await client.jobs.submit([{ photo: pictures[0] ?? Buffer.alloc(0) }], { detect: {} });
    await client.jobs.wait(job.id);
    await stop();

    const backup = join(settings.folder, 'backup.tar');
    await run('tar', ['--create', '--file', backup, '--directory', settings.folder, 'data']);
    await rm(dataDir(), { recursive: true });
    await run('tar', [
      '--extract',
      '--preserve-permissions',
      '--file',
      backup,
      '--directory',
      settings.folder,
    ]);

    await start(keys);
    useKey(secret);
    for (const [place, picture] of pictures.entries()) {
      expect(await whoIs(picture)).toBe(`person-${place}`);
    }
    await expect(client.keys.list().next()).rejects.toMatchObject({ reason: 'ROLE_INSUFFICIENT' });
    useKey(adminKey);
    expect((await client.jobs.get(job.id)).state).toBe(JobState.JOB_STATE_DONE);
    expect(await checkLibrary(platform.libraryAddress, false)).toMatchObject({
      templates: pictures.length,
      vectors: pictures.length,
      lostBlobs: { count: 0 },
    });
  }, 300_000);

  const binaries = findPostgres();
  (binaries === undefined ? it.skip : it)(
    'of PostgreSQL and then of the blobs, taken while people enrol, brings back who was there when it began',
    async () => {
      settings = await testSettings('backup-postgres');
      const postgres = await PostgresServer.start(binaries ?? '');
      try {
        const database = await postgres.newDatabase();
        const encryption = { MIEN_ENCRYPTION_KEYS: randomBytes(32).toString('base64') };
        await start({ ...encryption, MIEN_LIBRARY_DATABASE_URL: database });
        const pictures = await singleFaces(client);
        await client.library.createGroup({ id: GROUP, name: GROUP });
        const before = pictures.slice(0, 6);
        for (const [place, picture] of before.entries()) {
          await enrol(`before-${place}`, picture);
        }

        const dump = join(settings.folder, 'people.dump');
        const blobs = join(settings.folder, 'blobs');
        const meanwhile = enrolUntilStopped(enrol, pictures.slice(before.length));
        await meanwhile.begun;
        await run(join(binaries ?? '', 'pg_dump'), ['--format=custom', `--file=${dump}`, database]);
        await cp(join(dataDir(), 'blobs'), blobs, { recursive: true, preserveTimestamps: true });
        const enrolled = await meanwhile.stop();
        await stop();
        await rm(dataDir(), { recursive: true });

        const restored = await postgres.newDatabase();
        await run(join(binaries ?? '', 'pg_restore'), ['--exit-on-error', '--dbname', restored, dump]);
        await mkdir(dataDir(), { recursive: true });
        await cp(blobs, join(dataDir(), 'blobs'), { recursive: true, preserveTimestamps: true });
        await start({ ...encryption, MIEN_LIBRARY_DATABASE_URL: restored });

        const found = await checkLibrary(platform.libraryAddress, true);
        // Of each person whom the dump knows the blobs were there when it began: they were copied after it.
        expect(found.lostBlobs?.count).toBe(0);
        expect(found.templates).toBeGreaterThanOrEqual(before.length);
        expect(found.templates).toBeLessThan(before.length + enrolled);
        expect(await checkLibrary(platform.libraryAddress, false)).toMatchObject({
          templates: found.templates,
          vectors: found.templates,
          facesWithoutVector: { count: 0 },
          vectorsWithoutFace: { count: 0 },
          blobsWithoutFace: { count: 0 },
          lostBlobs: { count: 0 },
        });
        for (const [place, picture] of before.entries()) {
          expect(await whoIs(picture)).toBe(`before-${place}`);
        }
      } finally {
        await stop();
        await postgres.stop();
      }
    },
    300_000,
  );
});

/** Enrols one after the other until told to stop, which tells how many there were. */
function enrolUntilStopped(
  enrol: (id: string, picture: Buffer) => Promise<unknown>,
  pictures: readonly Buffer[],
): { begun: Promise<void>; stop(): Promise<number> } {
  let going = true;
  let count = 0;
  let begin: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const ended = (async () => {
    for (; going; count += 1) {
      await enrol(`meanwhile-${count}`, pictures[count % pictures.length] ?? Buffer.alloc(0));
      begin();
    }
  })();
  return {
    begun: Promise.race([begun, ended]),
    stop: async () => {
      going = false;
      await ended;
      return count;
    },
  };
}
