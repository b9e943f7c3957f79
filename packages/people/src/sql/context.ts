import type { LibraryLimits } from '../limits';
import type { TemplateCodec } from '../template/codec';
import { translated } from './database-error';
import type { Database, InTransaction } from './schema';

/** What every operation works with. */
export interface LibraryContext {
  readonly db: Database;
  readonly limits: LibraryLimits;
  readonly codec: TemplateCodec;
}

/** Several changes, all or nothing. */
export async function change<T>(db: Database, work: (trx: InTransaction) => Promise<T>): Promise<T> {
  try {
    return await db.transaction().execute(work);
  } catch (error) {
    throw translated(error);
  }
}

/** Several reads of one state. */
export async function snapshot<T>(db: Database, work: (trx: InTransaction) => Promise<T>): Promise<T> {
  try {
    return await db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute(work);
  } catch (error) {
    throw translated(error);
  }
}
