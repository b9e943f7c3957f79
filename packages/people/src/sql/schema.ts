import type { ColumnType, Generated, Insertable, Kysely, Selectable, Transaction } from 'kysely';
import type { JobState } from '../jobs';

/** bigint: a string from pg, a number from PGlite; positions and counts stay below 2^53. */
type BigInteger = ColumnType<string | number | bigint, number, number>;
/** Made by the database. */
type Serial = ColumnType<string | number | bigint, never, never>;
type Counter = ColumnType<string | number | bigint, number | undefined, number>;

interface GroupTable {
  id: string;
  seq: Serial;
  name: string;
  tag: string;
  field_names: string[];
  model_version: string;
  previous_version: string | null;
  person_count: Counter;
  face_count: Counter;
  deleting: Generated<boolean>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

interface PersonTable {
  id: string;
  name: string;
  gender: string;
  revision: Counter;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

interface MembershipTable {
  person_id: string;
  group_id: string;
  seq: Serial;
  field_values: string[];
}

interface FaceTable {
  id: string;
  seq: Serial;
  person_id: string;
  box_x: number;
  box_y: number;
  box_width: number;
  box_height: number;
  quality: number;
  model_version: string;
  crop_key: string | null;
  photo_key: string | null;
  created_at: Generated<Date>;
}

interface TemplateTable {
  face_seq: BigInteger;
  model_version: string;
  key_id: string | null;
  bytes: Uint8Array;
}

interface OutboxTable {
  id: Serial;
  topic: 'index' | 'blobs' | 'events';
  kind:
    | 'face-added'
    | 'face-removed'
    | 'membership-changed'
    | 'blob-unused'
    | 'person-enrolled'
    | 'face-enrolled';
  person_id: string | null;
  face_id: string | null;
  blob_key: string | null;
  due_at: Generated<Date>;
  /** Given out by readOutbox once: what it asks for may have been done. */
  offered: Generated<boolean>;
}

export type JobKind = 'duplicate-check' | 'model-upgrade';

interface JobTable {
  seq: Serial;
  id: Generated<string>;
  kind: JobKind;
  group_ids: string[];
  model_version: string;
  to_version: string | null;
  minimum_score: number | null;
  state: Generated<JobState>;
  lease_token: string | null;
  lease_until: Date | null;
  attempts: Generated<number>;
  last_face: Counter;
  position: Counter;
  faces_done: Counter;
  faces_total: Counter;
  failure_reason: string | null;
  failure_message: string | null;
  created_at: Generated<Date>;
  started_at: Date | null;
  ended_at: Date | null;
}

interface DuplicatePairTable {
  job_seq: BigInteger;
  seq: Serial;
  first_person: string;
  second_person: string;
  first_face: string;
  second_face: string;
  score: number;
}

interface FailedFaceTable {
  job_seq: BigInteger;
  seq: Serial;
  face_id: string;
  reason: string;
  message: string;
}

/** One row. */
interface TotalsTable {
  group_count: Counter;
  person_count: Counter;
  face_count: Counter;
}

export interface Schema {
  groups: GroupTable;
  persons: PersonTable;
  memberships: MembershipTable;
  faces: FaceTable;
  templates: TemplateTable;
  outbox: OutboxTable;
  jobs: JobTable;
  duplicate_pairs: DuplicatePairTable;
  failed_faces: FailedFaceTable;
  totals: TotalsTable;
}

export type Database = Kysely<Schema>;
export type InTransaction = Transaction<Schema>;
export type GroupRow = Selectable<GroupTable>;
export type PersonRow = Selectable<PersonTable>;
export type FaceRow = Selectable<FaceTable>;
export type JobRow = Selectable<JobTable>;
export type NewJobRow = Insertable<JobTable>;
export type NewOutboxRow = Insertable<OutboxTable>;

/** All tables of the library. */
export const TABLES: readonly (keyof Schema)[] = [
  'groups',
  'persons',
  'memberships',
  'faces',
  'templates',
  'outbox',
  'jobs',
  'duplicate_pairs',
  'failed_faces',
  'totals',
];
