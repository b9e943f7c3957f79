import { createHash } from 'node:crypto';
import { type JobRecord, Priority } from '@mien/proto';

/**
 * A task is begun only so shortly after its job was asked for and had not ended, and a cancellation returns no sooner
 * than that after it was written: so none is begun after it returned, without a write for each task that is begun.
 */
export const BEGUN_WITHIN_MS = 400;

/** The queue of a job's tasks: its key's, in its lane. */
export function taskSubject({ owner, priority }: JobRecord): string {
  const lane = priority === Priority.PRIORITY_INTERACTIVE ? 'interactive' : 'batch';
  return `mien.tasks.${lane}.${token(owner?.keyId ?? '')}`;
}

export function isInteractive(subject: string): boolean {
  return subject.startsWith('mien.tasks.interactive.');
}

/** The durable consumer of a queue. */
export function taskConsumer(subject: string): string {
  return subject.replaceAll('.', '-');
}

/** A key's id as a part of a subject. */
function token(keyId: string): string {
  return /^[A-Za-z0-9_-]{1,64}$/.test(keyId)
    ? keyId
    : createHash('sha256').update(keyId).digest('hex').slice(0, 32);
}
