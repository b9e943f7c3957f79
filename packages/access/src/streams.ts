import {
  AUDIT_STREAM,
  AUDIT_SUBJECTS,
  type Bus,
  bucketStream,
  KEYS_BUCKET,
  type ProvisionOptions,
  SIGNATURES_BUCKET,
  setUpOn,
} from '@mien/bus';
import { DiscardPolicy, RetentionPolicy, StorageType } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { REMEMBER_MS } from './signatures/taken-signatures';

export interface AccessStreams extends ProvisionOptions {
  readonly auditRetentionDays: number;
}

/**
 * Sets up the buckets of keys and of signatures, and the stream of the audit trail. Nobody can take a record out of it: the server refuses to
 * delete and to purge. Any number of processes may do this at once. Throws BUS_UNAVAILABLE.
 */
export async function provisionAccess(
  bus: Bus,
  { auditRetentionDays, ...options }: AccessStreams,
): Promise<void> {
  const { replicas = 1 } = options;
  const setUp = setUpOn(bus, options);
  await setUp.stream(bucketStream(KEYS_BUCKET, { replicas }));
  await setUp.stream(bucketStream(SIGNATURES_BUCKET, { replicas, maxAgeMs: REMEMBER_MS }));
  await setUp.stream({
    name: AUDIT_STREAM,
    subjects: [AUDIT_SUBJECTS],
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.New,
    storage: StorageType.File,
    num_replicas: replicas,
    max_age: nanos(auditRetentionDays * 86_400_000),
    deny_delete: true,
    deny_purge: true,
  });
}
