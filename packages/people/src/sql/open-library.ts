import type { Cipher } from '@mien/encryption';
import { type LibraryLimits, limitsWith } from '../limits';
import type { PeopleStore } from '../people-store';
import { TemplateCodec } from '../template/codec';
import type { LibraryContext } from './context';
import { translated } from './database-error';
import { finishDeletions } from './group-deletion';
import { migrate } from './migrate';
import type { Database } from './schema';
import { type Housekeeping, SqlPeopleStore } from './sql-people-store';

export interface StoreOptions {
  readonly limits?: Partial<LibraryLimits>;
  /** Encrypts templates. Without it they are stored as they are. */
  readonly cipher?: Cipher;
}

type LibrarySettings = Omit<LibraryContext, 'db'>;

/** Throws CONFIGURATION_INVALID: to be called before anything is opened. */
export function settingsOf(options: StoreOptions): LibrarySettings {
  return { limits: limitsWith(options.limits ?? {}), codec: new TemplateCodec(options.cipher) };
}

/** A store over a database that can be reached: tables brought up to date, broken-off work finished. */
export async function openLibrary(
  db: Database,
  settings: LibrarySettings,
  housekeeping: Housekeeping,
): Promise<PeopleStore> {
  try {
    const library = { db, ...settings };
    await migrate(db);
    await finishDeletions(library);
    return new SqlPeopleStore(library, housekeeping);
  } catch (error) {
    await housekeeping.close();
    throw translated(error);
  }
}
