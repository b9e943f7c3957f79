import { AUDIT_STREAM, AUDIT_SUBJECTS, type Bus } from '@mien/bus';
import { AuditRecord } from '@mien/proto';
import { DeliverPolicy } from '@nats-io/jetstream';

interface Span {
  /** Sequences, both included. */
  readonly from: number;
  readonly to: number;
  /** Of these records only, all when undefined. */
  readonly subject: string | undefined;
}

/** Records that travel ahead of their reader. */
const AHEAD = 500;

/** The trail's records between two places, oldest first. */
export async function* recordsBetween(
  { js }: Bus,
  { from, to, subject }: Span,
): AsyncGenerator<AuditRecord, void, void> {
  const consumer = await js.consumers.get(AUDIT_STREAM, {
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: Math.max(1, from),
    // Without a filter it would hand out, too, what the server was made to deliver there from other streams.
    filter_subjects: subject ?? AUDIT_SUBJECTS,
  });
  try {
    const { num_pending } = await consumer.info();
    if (num_pending === 0) {
      return;
    }
    const messages = await consumer.consume({ max_messages: AHEAD });
    try {
      for await (const { data, seq, info } of messages) {
        const record = seq <= to ? readable(data) : undefined;
        if (record !== undefined) {
          yield { ...record, sequence: seq };
        }
        if (seq >= to || info.pending === 0) {
          return;
        }
      }
    } finally {
      await messages.close();
    }
  } finally {
    await consumer.delete();
  }
}

/** What is no record hides no other: nobody could take it out of the trail. */
function readable(data: Uint8Array): AuditRecord | undefined {
  try {
    return AuditRecord.decode(data);
  } catch {
    return undefined;
  }
}

/** The place of the first record at or after a time; one past the last when there is none. */
export async function placeAt({ js }: Bus, time: Date): Promise<number> {
  const consumer = await js.consumers.get(AUDIT_STREAM, {
    deliver_policy: DeliverPolicy.StartTime,
    opt_start_time: time.toISOString(),
  });
  try {
    const { delivered } = await consumer.info();
    return delivered.stream_seq + 1;
  } finally {
    await consumer.delete();
  }
}
