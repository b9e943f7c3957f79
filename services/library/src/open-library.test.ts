import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { MienError } from '@mien/errors';
import { LibraryServiceService } from '@mien/proto';
import type { ObjectStore } from '@mien/stores';
import { EmbeddedIndexes } from '@mien/vectors';
import { BreakableIndexes } from './testing/broken-indexes';
import { randomTemplate, ServedLibrary } from './testing/served-library';

const { createGroup, deletePerson, addPersonToGroups, getPerson } = LibraryServiceService;

describe('a library whose other stores fail', () => {
  let folder: string;
  let indexes: BreakableIndexes;
  let served: ServedLibrary;
  let blobsBroken = false;

  const start = async () => {
    indexes = new BreakableIndexes(new EmbeddedIndexes({ threads: 1 }));
    served = await ServedLibrary.start({ folder, vectorIndexes: indexes, objects: breakable });
  };

  /** The store, which can't delete while a test says so. */
  const breakable = (store: ObjectStore): ObjectStore =>
    new Proxy(store, {
      get: (target, name) => {
        if (name === 'delete' && blobsBroken) {
          return () => Promise.reject(new MienError('OBJECT_STORE_UNAVAILABLE', 'the store is away'));
        }
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });

  let made = 0;
  const group = async () => {
    made += 1;
    const id = `group-${made}`;
    await served.ask(createGroup, { id, name: id, tag: '', fieldNames: [] });
    return id;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mien-library-'));
    await start();
  });

  afterAll(async () => {
    await served.stop();
    await rm(folder, { recursive: true });
  });

  it('says that a write can not be searched yet, and makes up for it by itself', async () => {
    const [one, other] = [await group(), await group()];
    const template = randomTemplate();
    const { id } = await served.enrol(one, undefined, template);
    indexes.broken = true;
    const joining = served.ask(addPersonToGroups, { personId: id, groupIds: [other] });
    await expect(joining).rejects.toMatchObject({ reason: 'VECTOR_INDEX_UNAVAILABLE' });
    expect(await served.library.healthy()).toBe(false);
    // Refused once to the call, and at least once more to the follower alone.
    await indexes.refused();
    expect(await served.find(template, [other])).toEqual([]);
    indexes.broken = false;
    await untilFollowed(served);
    expect(await served.library.healthy()).toBe(true);
    expect(await served.find(template, [other])).toEqual([id]);
  });

  it('deletes at once what nobody may find any more, and takes it out of the others later', async () => {
    const groupId = await group();
    const template = randomTemplate();
    const { id, faces } = await served.enrol(groupId, undefined, template);
    indexes.broken = true;
    blobsBroken = true;
    await served.ask(deletePerson, { id });
    expect(await served.find(template, [groupId])).toEqual([]);
    expect(await served.indexedFaces()).toContain(faces[0]?.id);
    expect(await served.cropKeys()).toContain(faces[0]?.cropKey);
    indexes.broken = false;
    blobsBroken = false;
    await untilFollowed(served);
    expect(await served.indexedFaces()).not.toContain(faces[0]?.id);
    expect(await served.cropKeys()).not.toContain(faces[0]?.cropKey);
  });

  it('finishes at the next start what it could not finish', async () => {
    const groupId = await group();
    const [kept, gone] = [randomTemplate(), randomTemplate()];
    const { id, faces } = await served.enrol(groupId, undefined, gone);
    indexes.broken = true;
    blobsBroken = true;
    await served.ask(deletePerson, { id });
    await expect(served.enrol(groupId, 'kept', kept)).rejects.toMatchObject({
      reason: 'VECTOR_INDEX_UNAVAILABLE',
    });
    await served.stop();
    blobsBroken = false;
    await start();
    expect((await served.ask(getPerson, { id: 'kept' })).person?.name).toBe('Ada');
    expect(await served.find(kept, [groupId])).toEqual(['kept']);
    await served.library.blobs.follow();
    expect(await served.cropKeys()).not.toContain(faces[0]?.cropKey);
    expect(await served.library.people.readOutbox('index')).toEqual([]);
  });

  it('makes an index that died anew from the database', async () => {
    const groupId = await group();
    const template = randomTemplate();
    const { id } = await served.enrol(groupId, undefined, template);
    indexes.dead = true;
    await expect(served.find(template, [groupId])).rejects.toMatchObject({
      reason: 'VECTOR_INDEX_UNAVAILABLE',
    });
    expect(await served.library.healthy()).toBe(false);
    await served.library.index.follow();
    expect(await served.library.healthy()).toBe(true);
    expect(await served.find(template, [groupId])).toEqual([id]);
  });

  it('follows many writers at once', async () => {
    const groupId = await group();
    const before = (await served.indexedFaces()).length;
    const templates = Array.from({ length: 40 }, randomTemplate);
    const persons = await Promise.all(
      templates.map((template) => served.enrol(groupId, undefined, template)),
    );
    const found = await served.library.index.nearestMany(templates, {
      groupIds: [groupId],
      modelVersion: served.library.model.version,
      count: 1,
    });
    expect(found.map(([match]) => match?.face.personId)).toEqual(persons.map(({ id }) => id));
    expect(found.every(([match]) => (match?.cosine ?? 0) > 0.9999)).toBe(true);
    await Promise.all(persons.slice(0, 20).map(({ id }) => served.ask(deletePerson, { id })));
    expect((await served.indexedFaces()).length).toBe(before + 20);
    expect((await served.cropKeys()).length).toBe(before + 20);
  });

  it('finds the next nearest where the nearest are gone from the database alone', async () => {
    const [groupId, other] = [await group(), await group()];
    const probe = randomTemplate();
    const near = () => probe.map((value) => value + 0.01 * Math.random());
    const leaving = await Promise.all(
      Array.from({ length: 30 }, () => served.enrol(groupId, undefined, near())),
    );
    const far = await served.enrol(groupId, 'far');
    await served.ask(addPersonToGroups, { personId: leaving[0]?.id ?? '', groupIds: [other] });
    indexes.broken = true;
    await Promise.all(leaving.slice(1).map(({ id }) => served.library.people.deletePerson(id)));
    await served.library.people.removeFromGroup(leaving[0]?.id ?? '', groupId);
    expect(await served.find(probe, [groupId], 1)).toEqual([far.id]);
    expect(await served.find(probe, [other], 1)).toEqual([leaving[0]?.id]);
    indexes.broken = false;
  });
});

/** Until the outboxes are empty: the followers do that by themselves, soon after the stores are back. */
async function untilFollowed({ library }: ServedLibrary): Promise<void> {
  for (;;) {
    const waiting = [await library.people.readOutbox('index'), await library.people.readOutbox('blobs')];
    if (waiting.every(({ length }) => length === 0) && (await library.healthy())) {
      return;
    }
    // PGlite answers without leaving the event loop's turn, and timers would never run.
    await setImmediate();
  }
}
