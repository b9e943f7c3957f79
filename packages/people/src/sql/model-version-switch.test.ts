import { Client } from 'pg';
import { aFace, aGroup, aPerson, MODEL, templateOf } from '../testing/people';
import { findPostgres, PostgresServer } from '../testing/postgres-server';
import { openPostgresPeopleStore } from './open-postgres';

const binaries = findPostgres();
const withServer = binaries === undefined ? describe.skip : describe;
const TO = 'embedding-2';

withServer('a switch of model versions (skipped where no server is installed)', () => {
  let server: PostgresServer;
  let connectionString: string;
  beforeAll(async () => {
    server = await PostgresServer.start(binaries ?? '');
    connectionString = await server.newDatabase();
  }, 180_000);
  afterAll(() => server.stop());

  const connected = async () => {
    const client = new Client({ connectionString });
    await client.connect();
    return client;
  };

  /** Asks the server until somebody waits for a lock of these kinds. */
  const untilSomebodyWaits = async (client: Client, ...kinds: readonly string[]) => {
    const waiting = 'select 1 from pg_locks where not granted and locktype = any($1)';
    while ((await client.query(waiting, [kinds])).rows.length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  };

  it.each([
    ['a face was enrolled', 'insert into faces'],
    ['a person joined', 'insert into memberships'],
  ])('is refused when %s just before the group is locked', async (_what, how) => {
    const store = await openPostgresPeopleStore({ connectionString });
    const [group, other] = [await store.createGroup(aGroup()), await store.createGroup(aGroup())];
    const furtherTemplates = [{ modelVersion: TO, template: templateOf(1) }];
    const inside = await store.createPerson(aPerson(group.id, { face: aFace({ furtherTemplates }) }));
    const outside = await store.createPerson(aPerson(other.id));
    const [dropper, writer] = [await connected(), await connected()];

    // The switch waits for who drops templates, so that the writer can have the group first.
    await dropper.query('begin');
    await dropper.query('select pg_advisory_xact_lock(1835623790, hashtext($1))', [TO]);
    const change = store.switchModelVersion([group.id], MODEL, TO);
    const refused = expect(change).rejects.toMatchObject({
      reason: 'TEMPLATES_MISSING',
      metadata: { faces: '1' },
    });
    await untilSomebodyWaits(dropper, 'advisory');
    await writer.query('begin');
    await writer.query('select 1 from groups where id = $1 for update', [group.id]);
    await dropper.query('commit');
    await untilSomebodyWaits(dropper, 'transactionid', 'tuple');
    await (how === 'insert into faces'
      ? writer.query(
          `insert into faces (id, person_id, box_x, box_y, box_width, box_height, quality, model_version)
          values ($1, $2, 0, 0, 1, 1, 50, $3)`,
          [aFace().id, inside.id, MODEL],
        )
      : writer.query('insert into memberships (person_id, group_id, field_values) values ($1, $2, $3)', [
          outside.id,
          group.id,
          [],
        ]));
    await writer.query('commit');
    await refused;
    expect((await store.getGroup(group.id)).modelVersion).toBe(MODEL);
    await Promise.all([dropper.end(), writer.end()]);
    await store.close();
  });
});
