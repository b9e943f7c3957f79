import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findPostgres, PostgresServer } from '@mien/people/dist/testing/postgres-server';

const run = promisify(execFile);
const MAIN = require.resolve('@mien/library/dist/migrate-main.js');
const BINARIES = findPostgres();
const withPostgres = BINARIES === undefined ? describe.skip : describe;

/** What the chart's hook and the compose file run before a new version of the library. */
withPostgres('the migration of the database', () => {
  let server: PostgresServer;
  let address: string;

  const migrate = (url: string) =>
    run(process.execPath, [MAIN], { env: { PATH: process.env['PATH'], MIEN_LIBRARY_DATABASE_URL: url } });
  const ask = async (sql: string) => {
    const { stdout } = await run(join(BINARIES ?? '', 'psql'), [address, '-At', '-c', sql]);
    return stdout.trim();
  };

  beforeAll(async () => {
    server = await PostgresServer.start(BINARIES ?? '');
    address = await server.newDatabase();
  });
  afterAll(() => server?.stop());

  it('makes the tables of an empty database, and leaves', async () => {
    const { stdout } = await migrate(address);
    expect(stdout.trim()).toBe('The tables are those of this version.');
    expect(Number(await ask('select count(*) from mien_migration'))).toBeGreaterThan(3);
  });

  it('does nothing to tables that are those of this version', async () => {
    const before = await ask('select name, timestamp from mien_migration order by name');
    await migrate(address);
    expect(await ask('select name, timestamp from mien_migration order by name')).toBe(before);
  });

  it('leaves tables alone to which a newer version has only added', async () => {
    await ask("insert into mien_migration (name, timestamp) values ('9999-newer', '2100-01-01')");
    await migrate(address);
  });

  it('refuses a database in which a newer version has changed what this one needs', async () => {
    await ask("update mien_compatibility set oldest_migration = '9999-newer'");
    await expect(migrate(address)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('made by a newer version of Mien'),
    });
  });

  it('fails where there is no database', async () => {
    await expect(migrate('postgres://mien@127.0.0.1:1/mien')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('DATABASE_UNAVAILABLE'),
    });
  });
});
