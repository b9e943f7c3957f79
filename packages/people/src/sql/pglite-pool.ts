import type { PGlite } from '@electric-sql/pglite';
import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';

/**
 * PGlite as a pool of one connection, which Kysely's dialect for PostgreSQL then uses as any other: transactions
 * come one after the other, in the order in which they were asked for.
 */
export class PglitePool implements PostgresPool {
  private last: Promise<void> = Promise.resolve();

  constructor(private readonly database: PGlite) {}

  async connect(): Promise<PostgresPoolClient> {
    const before = this.last;
    let release: () => void = () => undefined;
    this.last = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    return new PgliteClient(this.database, release);
  }

  /** Waits for whoever is before. */
  async end(): Promise<void> {
    await this.last;
    await this.database.close();
  }
}

class PgliteClient implements PostgresPoolClient {
  constructor(
    private readonly database: PGlite,
    readonly release: () => void,
  ) {}

  query<R>(statement: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query(cursor: never): never;
  async query<R>(statement: string, parameters: readonly unknown[] = []): Promise<PostgresQueryResult<R>> {
    const { rows, command, rowCount } = await this.database.query<R>(statement, [...parameters]);
    return { rows, command: command as PostgresQueryResult<R>['command'], rowCount: rowCount ?? 0 };
  }
}
