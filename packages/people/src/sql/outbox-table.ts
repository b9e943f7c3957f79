import { sql } from 'kysely';
import type { OutboxEntry, OutboxTopic } from '../outbox';
import { change, type LibraryContext } from './context';
import type { Database, FaceRow, InTransaction, NewOutboxRow } from './schema';

type FaceParts = Pick<FaceRow, 'id' | 'person_id' | 'crop_key' | 'photo_key'>;

const NOTHING = { person_id: null, face_id: null, blob_key: null };

export function facesAdded(
  trx: InTransaction,
  faces: readonly Pick<FaceRow, 'id' | 'person_id'>[],
): Promise<void> {
  return write(
    trx,
    faces.map((face) => ({
      ...NOTHING,
      topic: 'index',
      kind: 'face-added',
      person_id: face.person_id,
      face_id: face.id,
    })),
  );
}

/** Of a new person the first. */
export function facesEnrolled(
  trx: InTransaction,
  kind: 'person-enrolled' | 'face-enrolled',
  faces: readonly Pick<FaceRow, 'id' | 'person_id'>[],
): Promise<void> {
  return write(
    trx,
    faces.map(({ id, person_id }) => ({ ...NOTHING, topic: 'events', kind, person_id, face_id: id })),
  );
}

/** Their blobs have no user any more. */
export function facesRemoved(trx: InTransaction, faces: readonly FaceParts[]): Promise<void> {
  const removed = faces.map(
    (face): NewOutboxRow => ({
      ...NOTHING,
      topic: 'index',
      kind: 'face-removed',
      person_id: face.person_id,
      face_id: face.id,
    }),
  );
  const unused = faces
    .flatMap((face) => [face.crop_key, face.photo_key])
    .filter((key) => key !== null)
    .map((key): NewOutboxRow => ({ ...NOTHING, topic: 'blobs', kind: 'blob-unused', blob_key: key }));
  return write(trx, [...removed, ...unused]);
}

export function membershipsChanged(trx: InTransaction, personIds: readonly string[]): Promise<void> {
  return write(
    trx,
    personIds.map((id) => ({ ...NOTHING, topic: 'index', kind: 'membership-changed', person_id: id })),
  );
}

export async function readEntries(
  { db }: LibraryContext,
  topic: OutboxTopic,
  limit: number,
): Promise<readonly OutboxEntry[]> {
  if (topic === 'blobs') {
    await change(db, (trx) => offerDue(trx, limit));
  }
  const rows = await db
    .selectFrom('outbox')
    .select(['id', 'kind', 'person_id', 'face_id', 'blob_key'])
    .where('topic', '=', topic)
    .where((where) => where.or([where('topic', '<>', 'blobs'), where('offered', '=', true)]))
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ kind, ...row }): OutboxEntry => {
    const id = Number(row.id);
    switch (kind) {
      case 'blob-unused':
        return { id, kind, key: row.blob_key ?? '' };
      case 'membership-changed':
        return { id, kind, personId: row.person_id ?? '' };
      default:
        return { id, kind, personId: row.person_id ?? '', faceId: row.face_id ?? '' };
    }
  });
}

/**
 * Gives out what is due: from now on these blobs may be gone. Entries that an enrolment is taking away are passed by.
 */
async function offerDue(trx: InTransaction, limit: number): Promise<void> {
  await sql`
    update outbox set offered = true
    from (
      select id from outbox
      where topic = 'blobs' and due_at <= now() and not offered
      order by id limit ${limit} for update skip locked
    ) as due
    where outbox.id = due.id`.execute(trx);
}

export async function removeEntries(db: Database, ids: readonly number[]): Promise<void> {
  if (ids.length > 0) {
    await sql`delete from outbox where id = any(${ids.map(String)}::bigint[])`.execute(db);
  }
}

async function write(trx: InTransaction, rows: NewOutboxRow[]): Promise<void> {
  if (rows.length > 0) {
    await trx.insertInto('outbox').values(rows).execute();
  }
}
