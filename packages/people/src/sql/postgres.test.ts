import { Kysely, PostgresDialect, sql } from 'kysely';
import { Client, Pool } from 'pg';
import type { PeopleStore } from '../people-store';
import { describePeopleStore, type StoreFixture } from '../people-store.contract';
import type { Person } from '../persons';
import { aFace, aFaceWithBlobs, aGroup, aPerson } from '../testing/people';
import { findPostgres, PostgresServer } from '../testing/postgres-server';
import { slicesOfGroups } from './group-faces';
import { settingsOf } from './open-library';
import { openPostgresPeopleStore } from './open-postgres';
import { type Schema, TABLES } from './schema';

const binaries = findPostgres();
const withServer = binaries === undefined ? describe.skip : describe;

async function fixture(): Promise<StoreFixture> {
  const server = await PostgresServer.start(binaries ?? '');
  const connectionString = await server.newDatabase();
  let store: PeopleStore | undefined;
  return {
    open: async (options) => {
      await store?.close();
      store = undefined;
      store = await openPostgresPeopleStore({ ...options, connectionString });
      return store;
    },
    stop: async () => {
      await store?.close();
      await server.stop();
    },
  };
}

withServer('a real server (skipped where none is installed)', () => {
  describePeopleStore('PostgreSQL', fixture);

  describe('several processes', () => {
    let server: PostgresServer;
    let connectionString: string;
    beforeAll(async () => {
      server = await PostgresServer.start(binaries ?? '');
      connectionString = await server.newDatabase();
    }, 180_000);
    afterAll(() => server.stop());

    it('bring the tables up to date at the same time', async () => {
      const fresh = await server.newDatabase();
      const stores = await Promise.all(
        [1, 2, 3].map(() => openPostgresPeopleStore({ connectionString: fresh, connections: 3 })),
      );
      for (const store of stores) {
        expect(await store.totals()).toEqual({ groups: 0, persons: 0, faces: 0 });
        await store.close();
      }
    });

    it('have the database alone when they ask for that, also after the connection broke', async () => {
      const fresh = await server.newDatabase();
      const displaced = jest.fn();
      const alone = { connectionString: fresh, onDisplaced: displaced };
      const store = await openPostgresPeopleStore(alone);
      await expect(openPostgresPeopleStore(alone)).rejects.toMatchObject({ reason: 'CONFIGURATION_INVALID' });
      const operator = new Client({ connectionString: fresh });
      await operator.connect();
      const holders = "from pg_locks where locktype = 'advisory' and granted and pid <> pg_backend_pid()";
      const before = (await operator.query(`select pid ${holders}`)).rows[0]?.pid;
      await operator.query('select pg_terminate_backend($1)', [before]);
      let holder = before;
      while (holder === before || holder === undefined) {
        holder = (await operator.query(`select pid ${holders}`)).rows[0]?.pid;
      }
      await expect(openPostgresPeopleStore(alone)).rejects.toMatchObject({ reason: 'CONFIGURATION_INVALID' });
      expect(displaced).not.toHaveBeenCalled();
      await store.close();
      const next = await openPostgresPeopleStore(alone);
      await next.close();
      await operator.end();
    });

    it('get CONFLICT when another holds the person for too long', async () => {
      const store = await openPostgresPeopleStore({ connectionString, lockTimeoutMs: 50 });
      const group = await store.createGroup(aGroup());
      const person = await store.createPerson(aPerson(group.id));
      const other = new Client({ connectionString });
      await other.connect();
      await other.query('begin');
      await other.query('select 1 from persons where id = $1 for update', [person.id]);
      await expect(store.addFaces(person.id, [aFace()])).rejects.toMatchObject({ reason: 'CONFLICT' });
      await other.query('rollback');
      await other.end();
      expect(await store.addFaces(person.id, [aFace()])).toHaveLength(1);
      await store.close();
    });

    it('pass by the blobs that another is just enrolling', async () => {
      const store = await openPostgresPeopleStore({ connectionString });
      const { cropKey = '', photoKey = '' } = await aFaceWithBlobs(store);
      await store.releaseBlobs([cropKey, photoKey]);
      const other = new Client({ connectionString });
      await other.connect();
      await other.query('begin');
      await other.query('delete from outbox where blob_key = $1', [cropKey]);
      expect(await store.readOutbox('blobs')).toMatchObject([{ key: photoKey }]);
      await other.query('rollback');
      await other.end();
      expect(await store.readOutbox('blobs')).toMatchObject([{ key: cropKey }, { key: photoKey }]);
      await store.close();
    });

    it('finish the deletion of a group that another broke off', async () => {
      const store = await openPostgresPeopleStore({ connectionString });
      const group = await store.createGroup(aGroup());
      const person = await store.createPerson(aPerson(group.id));
      const other = new Client({ connectionString });
      await other.connect();
      await other.query('update groups set deleting = true where id = $1', [group.id]);
      await other.query('update totals set group_count = group_count - 1');
      await other.end();
      await expect(store.getGroup(group.id)).rejects.toMatchObject({ reason: 'GROUP_NOT_FOUND' });
      await expect(store.createPerson(aPerson(group.id))).rejects.toMatchObject({
        reason: 'GROUP_NOT_FOUND',
      });
      const next = await openPostgresPeopleStore({ connectionString });
      await expect(next.getPerson(person.id)).rejects.toMatchObject({ reason: 'PERSON_NOT_FOUND' });
      await next.createGroup(aGroup({ id: group.id, name: group.name }));
      await next.close();
      await store.close();
    });

    it('go on with a deletion when it is asked for again', async () => {
      const store = await openPostgresPeopleStore({ connectionString, lockTimeoutMs: 50 });
      const group = await store.createGroup(aGroup());
      const person = await store.createPerson(aPerson(group.id));
      const other = new Client({ connectionString });
      await other.connect();
      await other.query('begin');
      await other.query('select 1 from persons where id = $1 for update', [person.id]);
      await expect(store.deleteGroup(group.id)).rejects.toMatchObject({ reason: 'CONFLICT' });
      await expect(store.getGroup(group.id)).rejects.toMatchObject({ reason: 'GROUP_NOT_FOUND' });
      await other.query('rollback');
      await other.end();
      expect(await store.deleteGroup(group.id)).toEqual({ deletedPersons: 1 });
      await expect(store.deleteGroup(group.id)).rejects.toMatchObject({ reason: 'GROUP_NOT_FOUND' });
      await store.close();
    });

    it('find the faces of large groups among all of the library', async () => {
      const store = await openPostgresPeopleStore({ connectionString });
      const [few, many] = [await store.createGroup(aGroup()), await store.createGroup(aGroup())];
      const persons: string[] = [];
      for (let count = 0; count < 40; count += 1) {
        persons.push((await store.createPerson(aPerson((count % 8 === 3 ? few : many).id))).id);
      }
      const wanted = persons.filter((_, index) => index % 8 === 3);
      const db = new Kysely<Schema>({
        dialect: new PostgresDialect({ pool: new Pool({ connectionString }) }),
      });
      const library = { db, ...settingsOf({}) };
      for (const positionsKept of [0, 1000]) {
        const found: unknown[] = [];
        for await (const { faces } of slicesOfGroups(
          library,
          { groupIds: [few.id], batchSize: 2 },
          positionsKept,
        )) {
          const { rows } = await sql<{ person_id: string }>`
            select f.person_id from ${faces} order by f.seq`.execute(db);
          found.push(...rows.map((row) => row.person_id));
        }
        expect(found).toEqual(wanted);
      }
      await db.destroy();
      await store.close();
    });

    it('find nothing of a deleted person in any table', async () => {
      const store = await openPostgresPeopleStore({ connectionString });
      const group = await store.createGroup(aGroup());
      const person = await store.createPerson(aPerson(group.id));
      const [added] = await store.addFaces(person.id, [aFace()]);
      await pairWithAnother(store, group.id, person);
      const traces = [person.id, person.faces[0]?.id ?? '', added?.id ?? ''];
      const client = new Client({ connectionString });
      await client.connect();
      const everything = async () => {
        const rows: unknown[] = [];
        for (const table of TABLES) {
          rows.push((await client.query(`select t::text from ${table} t`)).rows);
        }
        return JSON.stringify(rows);
      };
      const before = await everything();
      expect(traces.every((trace) => before.includes(trace))).toBe(true);
      await store.deletePerson(person.id);
      for (const topic of ['index', 'blobs', 'events'] as const) {
        await store.acknowledge((await store.readOutbox(topic)).map((entry) => entry.id));
      }
      const after = await everything();
      expect(traces.filter((trace) => after.includes(trace))).toEqual([]);
      expect(
        (
          await client.query(
            'select 1 from templates t left join faces f on f.seq = t.face_seq where f.seq is null',
          )
        ).rows,
      ).toEqual([]);
      await client.end();
      await store.close();
    });

    describe('of a database of a newer version', () => {
      const changed = async (change: string) => {
        const newer = await server.newDatabase();
        await (await openPostgresPeopleStore({ connectionString: newer })).close();
        const client = new Client({ connectionString: newer });
        await client.connect();
        await client.query(
          "insert into mien_migration (name, timestamp) values ('9999-future', now()::text)",
        );
        await client.query(change);
        await client.end();
        return newer;
      };

      it('work where that has only added to it', async () => {
        const newer = await changed('alter table groups add column of_the_future text');
        const store = await openPostgresPeopleStore({ connectionString: newer });
        await store.createGroup(aGroup());
        expect(await store.totals()).toMatchObject({ groups: 1 });
        await store.close();
      });

      it('refuse it where that has changed what they need', async () => {
        const newer = await changed("update mien_compatibility set oldest_migration = '9999-future'");
        await expect(openPostgresPeopleStore({ connectionString: newer })).rejects.toMatchObject({
          reason: 'CONFIGURATION_INVALID',
        });
      });

      it('refuse it where nothing says so', async () => {
        const newer = await changed('drop table mien_compatibility');
        await expect(openPostgresPeopleStore({ connectionString: newer })).rejects.toMatchObject({
          reason: 'CONFIGURATION_INVALID',
        });
      });
    });

    it('get DATABASE_UNAVAILABLE when the server is gone', async () => {
      const broken: Error[] = [];
      const store = await openPostgresPeopleStore({
        connectionString,
        onIdleError: (error) => broken.push(error),
      });
      await server.stop();
      await expect(store.totals()).rejects.toMatchObject({ reason: 'DATABASE_UNAVAILABLE' });
      await expect(store.createGroup(aGroup())).rejects.toMatchObject({ reason: 'DATABASE_UNAVAILABLE' });
      await store.close();
      await expect(openPostgresPeopleStore({ connectionString })).rejects.toMatchObject({
        reason: 'DATABASE_UNAVAILABLE',
      });
    });
  });
});

/** Has a duplicate check find the person and another. */
async function pairWithAnother(store: PeopleStore, groupId: string, person: Person): Promise<void> {
  const other = await store.createPerson(aPerson(groupId));
  await store.duplicateChecks.create({ groupIds: [groupId], minimumScore: 0 });
  const { lease } = (await store.duplicateChecks.claim(60)) ?? { lease: { jobId: '', token: '' } };
  const [first, second] = [person, other]
    .map(({ id, faces }) => ({ personId: id, faceId: faces[0]?.id ?? '' }))
    .sort((a, b) => (a.personId < b.personId ? -1 : 1));
  if (first !== undefined && second !== undefined) {
    await store.duplicateChecks.save(
      lease,
      { cursor: 1, facesDone: 1, pairs: [{ first, second, score: 1 }] },
      60,
    );
  }
  expect((await store.duplicateChecks.finish(lease)).pairsFound).toBe(1);
}
