import { MienError } from '@mien/errors';
import { Client } from 'pg';

/** Any number that nothing else locks: 'sole' in ASCII. */
const LOCK = 0x736f6c65;
const RETRY_MS = 500;

/** A database that no other process that asks for it alone works on. */
export interface SoleProcess {
  release(): Promise<void>;
}

/**
 * Takes an advisory lock that its connection holds: it goes with the process, however that ends. When the connection
 * breaks, the lock is taken again; should another process have been quicker, `onDisplaced` is told, once, and this
 * one must not go on. Throws CONFIGURATION_INVALID when another process has the database.
 */
export async function soleProcess(
  connectionString: string,
  onDisplaced: (error: MienError) => void,
): Promise<SoleProcess> {
  let released = false;
  let current = await locked(connectionString);
  let retry: NodeJS.Timeout | undefined;
  const takeAgain = async (): Promise<void> => {
    try {
      current = await locked(connectionString);
      watch();
    } catch (error) {
      if (error instanceof MienError) {
        onDisplaced(error);
      } else if (!released) {
        retry = setTimeout(() => void takeAgain(), RETRY_MS);
        retry.unref();
      }
    }
  };
  const watch = () => {
    current.once('end', () => {
      if (!released) {
        void takeAgain();
      }
    });
  };
  watch();
  return {
    release: async () => {
      released = true;
      clearTimeout(retry);
      await current.end();
    },
  };
}

async function locked(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString, keepAlive: true, application_name: 'mien' });
  // The end of the connection is what counts; the error that comes before it says nothing more.
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [LOCK]);
  if (rows[0]?.taken !== true) {
    await client.end();
    throw new MienError(
      'CONFIGURATION_INVALID',
      'another process works on this database and has its own index',
    );
  }
  return client;
}
