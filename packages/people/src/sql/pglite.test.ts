import { spawn } from 'node:child_process';
import { fdatasyncSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PGlite } from '@electric-sql/pglite';
import type { PeopleStore } from '../people-store';
import { describePeopleStore } from '../people-store.contract';
import { DURABLE_PARAMETERS, DurableFileSystem } from './durable-file-system';
import { openPglitePeopleStore } from './open-pglite';

/** Built beside the tests: the process that is killed runs without Jest. */
const ENROL_UNTIL_KILLED = join(__dirname, '../../dist/testing/enrol-until-killed.js');

interface Said {
  readonly reserved?: readonly string[];
  readonly enrolled?: string;
  readonly faces?: number;
  readonly deleted?: string;
}

/** Starts the process, kills it once it has said so many changes, and gives back what it said. */
async function killedAfter(folder: string, count: number): Promise<readonly Said[]> {
  const child = spawn(process.execPath, [ENROL_UNTIL_KILLED, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
  const said: Said[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(JSON.parse(line));
    if (said.length === count) {
      child.kill('SIGKILL');
    }
  }
  expect(await ended).toBe('SIGKILL');
  return said;
}

describe('PGlite in a folder', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mien-people-'));
    // What a crash leaves behind that comes while the database's files are being made.
    await mkdir(join(folder, 'empty/postgres.unfinished/base'), { recursive: true });
    await writeFile(join(folder, 'empty/postgres.unfinished/PG_VERSION'), '18');
    await (await openPglitePeopleStore({ folder: join(folder, 'empty') })).close();
  }, 180_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const copy = async (name: string) => {
    const path = join(folder, name);
    await cp(join(folder, 'empty'), path, { recursive: true });
    return path;
  };

  describePeopleStore('PGlite', async () => {
    const path = await copy('contract');
    let store: PeopleStore | undefined;
    return {
      open: async (options) => {
        await store?.close();
        store = undefined;
        store = await openPglitePeopleStore({ ...options, folder: path });
        return store;
      },
      stop: async () => store?.close(),
    };
  });

  it('syncs to disk with every commit, and before a checkpoint ends', async () => {
    const path = await copy('synced');
    let syncs = 0;
    const files = new DurableFileSystem(join(path, 'postgres'), (descriptor) => {
      syncs += 1;
      fdatasyncSync(descriptor);
    });
    const database = await PGlite.create({ fs: files, startParams: DURABLE_PARAMETERS });
    for (let count = 0; count < 5; count += 1) {
      const before = syncs;
      await database.query("insert into outbox (topic, kind) values ('index', 'membership-changed')");
      expect(syncs).toBeGreaterThan(before);
    }
    const before = syncs;
    await database.query('checkpoint');
    expect(syncs).toBeGreaterThan(before + 1);
    await database.close();
  });

  it('belongs to one process at a time', async () => {
    const path = await copy('owned');
    const store = await openPglitePeopleStore({ folder: path });
    await expect(openPglitePeopleStore({ folder: path })).rejects.toMatchObject({
      reason: 'CONFIGURATION_INVALID',
    });
    await store.close();
    await (await openPglitePeopleStore({ folder: path })).close();
  });

  it('loses nothing that was acknowledged when the process is killed, and keeps nothing half done', async () => {
    const path = await copy('killed');
    const said: Said[] = [];
    for (const count of [7, 40, 23]) {
      said.push(...(await killedAfter(path, count)));
      const store = await openPglitePeopleStore({ folder: path });
      await expectWhole(store, said);
      await store.close();
    }
    expect(said.length).toBeGreaterThanOrEqual(70);
  }, 180_000);
});

async function expectWhole(store: PeopleStore, said: readonly Said[]): Promise<void> {
  const promised = new Map<string, number>();
  for (const { enrolled, faces, deleted } of said) {
    if (enrolled !== undefined) {
      promised.set(enrolled, faces ?? 0);
    }
    if (deleted !== undefined) {
      await expect(store.getPerson(deleted)).rejects.toMatchObject({ reason: 'PERSON_NOT_FOUND' });
    }
  }
  for (const [id, faces] of promised) {
    expect((await store.getPerson(id)).faces.length).toBeGreaterThanOrEqual(faces);
  }
  const reserved = said.flatMap((one) => one.reserved ?? []);
  expect(await store.blobsKnown(reserved)).toEqual(new Set(reserved));
  let persons = 0;
  let faces = 0;
  for (const group of (await store.listGroups({ size: 1000 })).entries) {
    const members = (await store.listPersons(group.id, { size: 1000 })).entries;
    const templates = await store.templatesOfPersons(members.map((person) => person.id));
    const enrolled = members.flatMap((person) => person.faces.map((face) => face.id));
    expect(templates.map((template) => template.faceId).sort()).toEqual([...enrolled].sort());
    expect(members.every((person) => person.faces.length > 0)).toBe(true);
    expect(group).toMatchObject({ personCount: members.length, faceCount: enrolled.length });
    persons += members.length;
    faces += enrolled.length;
  }
  expect(await store.totals()).toMatchObject({ persons, faces });
}
