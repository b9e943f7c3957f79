import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPostgres, PostgresServer } from '@mien/people/dist/testing/postgres-server';
import { LibraryAdminServiceService, LibraryServiceService } from '@mien/proto';
import { QdrantIndexes } from '@mien/vectors';
import { QdrantServer } from '@mien/vectors/dist/testing/qdrant-server';
import { BreakableIndexes } from './testing/broken-indexes';
import { randomTemplate, ServedLibrary } from './testing/served-library';

const { createGroup, addPersonToGroups, removePersonFromGroup, deletePerson } = LibraryServiceService;
const binaries = findPostgres();
const withServer = binaries === undefined ? describe.skip : describe;

/** On a real PostgreSQL (skipped where none is installed) and a server that speaks Qdrant's API. */
withServer('several libraries on one database and one index', () => {
  let folder: string;
  let postgres: PostgresServer;
  let qdrant: QdrantServer;
  let databaseUrl: string;
  const indexesOf: BreakableIndexes[] = [];
  const libraries: ServedLibrary[] = [];

  const start = async () => {
    const vectorIndexes = new BreakableIndexes(new QdrantIndexes({ url: qdrant.url }));
    indexesOf.push(vectorIndexes);
    libraries.push(await ServedLibrary.start({ folder, databaseUrl, vectorIndexes, shared: true }));
  };
  const library = (place: number): ServedLibrary => {
    const found = libraries[place % libraries.length];
    if (found === undefined) {
      throw new Error('no library');
    }
    return found;
  };
  let made = 0;
  const group = async () => {
    made += 1;
    const id = `group-${made}`;
    await library(0).ask(createGroup, { id, name: id, tag: '', fieldNames: [] });
    return id;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mien-library-'));
    postgres = await PostgresServer.start(binaries ?? '');
    qdrant = await QdrantServer.start();
    databaseUrl = await postgres.newDatabase();
    await start();
    await start();
  });

  afterAll(async () => {
    await Promise.all(libraries.map((each) => each.stop()));
    await qdrant.stop();
    await postgres.stop();
    await rm(folder, { recursive: true });
  });

  it('see each other’s writes at once', async () => {
    const groupId = await group();
    const template = randomTemplate();
    const { id } = await library(0).enrol(groupId, undefined, template);
    expect(await library(1).find(template, [groupId], 1)).toEqual([id]);
    await library(1).ask(deletePerson, { id });
    expect(await library(0).find(template, [groupId], 1)).toEqual([]);
  });

  it('never leave an older state in the index, however slow one of them is', async () => {
    const [first, second] = [await group(), await group()];
    const template = randomTemplate();
    const { id } = await library(0).enrol(first, undefined, template);
    const slow = indexesOf[0];
    if (slow === undefined) {
      throw new Error('no index');
    }
    let reached: () => void = () => undefined;
    let goOn: () => void = () => undefined;
    const isWriting = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const mayWrite = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    slow.beforeUpsert = () => {
      slow.beforeUpsert = async () => undefined;
      reached();
      return mayWrite;
    };
    // The slow one has read that the person is in the first group only, joined by one more member change of no effect.
    await library(0).library.people.addToGroups(id, [second]);
    await library(0).library.people.removeFromGroup(id, second);
    const older = library(0).library.index.follow();
    await isWriting;
    await library(1).ask(addPersonToGroups, { personId: id, groupIds: [second] });
    goOn();
    await older;
    expect(await library(1).find(template, [second], 1)).toEqual([id]);
  });

  it('end in the state of the database after many writers', async () => {
    const groups = [await group(), await group(), await group()];
    const [home = '', second = '', third = ''] = groups;
    const templates = Array.from({ length: 30 }, randomTemplate);
    await Promise.all(
      templates.map(async (template, place) => {
        const { id } = await library(place).enrol(home, `person-${place}`, template);
        await Promise.all([
          library(place).ask(addPersonToGroups, { personId: id, groupIds: [second] }),
          library(place + 1).ask(addPersonToGroups, { personId: id, groupIds: [third] }),
        ]);
        if (place % 3 === 0) {
          await library(place + 1).ask(removePersonFromGroup, { personId: id, groupId: second });
        }
        if (place % 5 === 0) {
          await library(place).ask(deletePerson, { id });
        }
      }),
    );
    for (const [place, template] of templates.entries()) {
      const expected = place % 5 === 0 ? [] : [`person-${place}`];
      const ofSecond = place % 3 === 0 ? [] : expected;
      const foundIn = async (groupId: string) =>
        (await library(place).find(template, [groupId], 1)).filter((id) => id === `person-${place}`);
      expect([await foundIn(home), await foundIn(second), await foundIn(third)]).toEqual([
        expected,
        ofSecond,
        expected,
      ]);
    }
    const report = await library(1).ask(LibraryAdminServiceService.checkLibrary, {
      repair: false,
      rewriteIndex: false,
    });
    for (const damage of [report.facesWithoutVector, report.vectorsWithoutFace, report.blobsWithoutFace]) {
      expect(damage).toEqual({ count: 0, examples: [] });
    }
  });

  it('fill an index that is empty from the database', async () => {
    const groupId = await group();
    const template = randomTemplate();
    const { id } = await library(0).enrol(groupId, undefined, template);
    await new QdrantIndexes({ url: qdrant.url }).drop(library(0).library.model.version);
    await start();
    expect(await library(2).find(template, [groupId], 1)).toEqual([id]);
  });
});
