import { MienError } from '@mien/errors';
import { sql } from 'kysely';
import { checkBlobKeys, invalid } from '../naming';
import { change, type LibraryContext } from './context';
import type { Database, InTransaction } from './schema';

const LONGEST_LEASE_SECONDS = 86_400;

export async function reserveBlobs(
  library: LibraryContext,
  keys: readonly string[],
  leaseSeconds: number,
): Promise<void> {
  checkBlobKeys('keys', keys);
  if (!(leaseSeconds >= 1 && leaseSeconds <= LONGEST_LEASE_SECONDS)) {
    throw invalid('leaseSeconds', `1 to ${LONGEST_LEASE_SECONDS} seconds`);
  }
  const wanted = [...new Set(keys)];
  if (wanted.length === 0) {
    return;
  }
  await change(library.db, async (trx) => {
    const { rows } = await sql`
      insert into outbox (topic, kind, blob_key, due_at)
      select 'blobs', 'blob-unused', key, now() + ${leaseSeconds}::float8 * interval '1 second'
      from unnest(${wanted}::text[]) as key order by key
      on conflict (blob_key) where kind = 'blob-unused'
      do update set due_at = greatest(outbox.due_at, excluded.due_at) where not outbox.offered
      returning id`.execute(trx);
    if (rows.length < wanted.length) {
      throw new MienError('CONFLICT', 'a blob of one of these keys is being deleted');
    }
    // After the reservation: it waits for an enrolment that is about to use the blob.
    if (await isOneInUse(trx, wanted)) {
      throw new MienError('CONFLICT', 'a face uses a blob of one of these keys');
    }
  });
}

export async function releaseBlobs(db: Database, keys: readonly string[]): Promise<void> {
  checkBlobKeys('keys', keys);
  await sql`
    update outbox set due_at = now()
    where kind = 'blob-unused' and blob_key = any(${keys}::text[]) and due_at > now()`.execute(db);
}

/**
 * Takes the reservations of blobs that faces are going to use away. Throws BLOB_NOT_RESERVED when one has none, or
 * one that was given out already. It is not the clock that decides: the blob of an entry that is due but was not given
 * out is still there, and whoever gives entries out passes those by that are being taken away.
 */
export async function takeReservations(trx: InTransaction, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) {
    return;
  }
  if (new Set(keys).size < keys.length) {
    throw invalid('faces', 'every blob belongs to one face alone');
  }
  const taken = await trx
    .deleteFrom('outbox')
    .where('kind', '=', 'blob-unused')
    .where('blob_key', 'in', keys)
    .returning(['blob_key', 'offered'])
    .execute();
  const good = new Set(taken.filter((row) => !row.offered).map((row) => row.blob_key));
  const missing = keys.find((key) => !good.has(key));
  if (missing !== undefined) {
    throw new MienError('BLOB_NOT_RESERVED', `the blob ${missing} is not reserved, or not any more`, {
      metadata: { blobKey: missing },
    });
  }
}

async function isOneInUse(trx: InTransaction, keys: readonly string[]): Promise<boolean> {
  const face = await trx
    .selectFrom('faces')
    .select('id')
    .where((where) => where.or([where('crop_key', 'in', keys), where('photo_key', 'in', keys)]))
    .limit(1)
    .executeTakeFirst();
  return face !== undefined;
}
