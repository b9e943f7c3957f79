import type { Bus } from '@mien/bus';
import { DiscardPolicy, JetStreamApiError, RetentionPolicy, StorageType } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { nanos } from '@nats-io/transport-node';

export const KEYS_BUCKET = 'mien_keys';
export const AUDIT_STREAM = 'MIEN_AUDIT';
/** Core NATS: what gateways tell each other of the requests that they took. */
export const USAGE_SUBJECT = 'mien.access.usage';
/** https://github.com/nats-io/nats-server/blob/main/server/errors.json */
const STREAM_NAME_IN_USE = 10_058;
const AUDIT_SUBJECTS = 'mien.audit.*';

export interface AccessStreams {
  /** Copies of each stream in a NATS cluster. */
  readonly replicas: number;
  readonly auditRetentionDays: number;
}

/** Each key's records have a subject of their own, so that they are found without reading all others. */
export function auditSubject(keyId: string): string {
  return `mien.audit.${keyId}`;
}

/**
 * Makes the bucket of keys and the stream of the audit trail. Nobody can take a record out of it: the server refuses to
 * delete and to purge. Any number of processes may do this at once.
 */
export async function provisionAccess(
  bus: Bus,
  { replicas, auditRetentionDays }: AccessStreams,
): Promise<void> {
  await new Kvm(bus.js).create(KEYS_BUCKET, { history: 1, storage: StorageType.File, replicas });
  const max_age = nanos(auditRetentionDays * 86_400_000);
  try {
    await bus.jsm.streams.add({
      name: AUDIT_STREAM,
      subjects: [AUDIT_SUBJECTS],
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.New,
      storage: StorageType.File,
      num_replicas: replicas,
      max_age,
      deny_delete: true,
      deny_purge: true,
    });
  } catch (error) {
    if (!isTaken(error)) {
      throw error;
    }
    await bus.jsm.streams.update(AUDIT_STREAM, { max_age, num_replicas: replicas });
  }
}

/** The stream is there, made with another retention. */
function isTaken(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.code === STREAM_NAME_IN_USE;
}
