import type { NewAuditRecord } from '@mien/access';
import { trace } from '@opentelemetry/api';
import type { CallOrigin } from '../usecases/call';
import type { About } from './method-rule';

/** Where records go; they are kept when the promise resolves. */
export interface AuditSink {
  append(record: NewAuditRecord): Promise<void>;
}

/** Ids in a record: a page of pairs has as many. Of more, the first. */
const MOST_IDS = 2_000;

export function recordOf(
  method: string,
  outcome: string,
  { groupIds = [], personIds = [], faceIds = [], jobId = '' }: About,
  { principal, peer = '' }: CallOrigin,
): NewAuditRecord {
  return {
    keyId: principal.keyId,
    role: principal.role,
    method,
    groupIds: groupIds.slice(0, MOST_IDS),
    personIds: personIds.slice(0, MOST_IDS),
    faceIds: faceIds.slice(0, MOST_IDS),
    jobId,
    outcome,
    peer,
    // The trace's: logs and spans of the request have it, too.
    requestId: trace.getActiveSpan()?.spanContext().traceId ?? '',
  };
}
