import { decodeEndpoint, decodeEvent, decodeRule } from '@mien/notifications';
import {
  AuditRecord,
  DeadLetter,
  Job,
  JobPhotoStage,
  JobProgress,
  JobRecord,
  JobSpec,
  JobTask,
  KeyUsage,
  StoredJobResult,
  StoredKey,
} from '@mien/proto';

/** What travels under some subjects, or lies in the object store. */
export interface Kind {
  readonly name: string;
  readonly subjects: RegExp;
  /** What today's code reads in it, as JSON. */
  read(bytes: Uint8Array): unknown;
  /** What is written last tells more than what is written first. */
  readonly last?: true;
}

interface Codec<Message> {
  decode(bytes: Uint8Array): Message;
  toJSON(message: Message): unknown;
}

const proto =
  <Message>(codec: Codec<Message>) =>
  (bytes: Uint8Array): unknown =>
    codec.toJSON(codec.decode(bytes));
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** A spec has no subject: a record names it. */
export const JOB_SPEC: Kind = { name: 'job-spec', subjects: /^$/, read: proto(JobSpec) };

export const KINDS: readonly Kind[] = [
  ...['detector', 'landmark', 'attributes', 'liveness', 'embedder', 'library'].map((stage) => ({
    name: `job-at-${stage}`,
    subjects: new RegExp(`^mien\\.work\\.${stage}\\.`),
    read: proto(Job),
    last: true as const,
  })),
  { name: 'reply', subjects: /^mien\.reply\./, read: proto(Job), last: true },
  { name: 'dead-letter', subjects: /^mien\.dead\./, read: proto(DeadLetter) },
  { name: 'photo-stage', subjects: /^mien\.jobs\.stages$/, read: proto(JobPhotoStage) },
  { name: 'job-task', subjects: /^mien\.tasks\./, read: proto(JobTask) },
  { name: 'job-record', subjects: /^\$KV\.mien_jobs\.job\./, read: proto(JobRecord), last: true },
  { name: 'job-progress', subjects: /^\$KV\.mien_jobs\.progress\./, read: proto(JobProgress), last: true },
  { name: 'job-result', subjects: /^\$KV\.mien_job_results\./, read: proto(StoredJobResult), last: true },
  { name: 'event-job', subjects: /^mien\.events\..*job/, read: (bytes) => plain(decodeEvent(bytes)) },
  { name: 'event-person', subjects: /^mien\.events\..*person/, read: (bytes) => plain(decodeEvent(bytes)) },
  { name: 'callback', subjects: /^mien\.callbacks\./, read: (bytes) => plain(decodeEvent(bytes)) },
  {
    name: 'endpoint',
    subjects: /^\$KV\.mien_endpoints\./,
    read: (bytes) => plain(decodeEndpoint(bytes, undefined)),
  },
  { name: 'rule', subjects: /^\$KV\.mien_rules\./, read: (bytes) => plain(decodeRule(bytes)) },
  { name: 'key', subjects: /^\$KV\.mien_keys\./, read: proto(StoredKey) },
  { name: 'key-usage', subjects: /^mien\.access\.usage$/, read: proto(KeyUsage) },
  { name: 'audit-record', subjects: /^mien\.audit\./, read: proto(AuditRecord) },
];
