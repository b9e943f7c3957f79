import { type MienError, toProblem } from '@mien/errors';
import { DeadLetter, Job } from '@mien/proto';
import { headers, type MsgHdrs } from '@nats-io/transport-node';
import type { StageName } from '../catalog';
import type { Bus } from '../connection';
import { copyBlobHeader } from '../envelope';
import { deadSubject, streamOf } from '../subjects';

export interface Corpse {
  readonly stage: StageName;
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers: MsgHdrs | undefined;
  /** Place in the stage's stream. */
  readonly sequence: number;
  readonly deliveries: number;
}

/**
 * Puts a message into the dead-letter stream with what it died of. Doing so again for the same message within
 * the duplicate window does nothing.
 */
export async function bury(bus: Bus, corpse: Corpse, error: MienError): Promise<void> {
  const job = readable(corpse.data);
  const letter: DeadLetter = {
    job,
    raw: job === undefined ? Buffer.from(corpse.data) : Buffer.alloc(0),
    subject: corpse.subject,
    stage: corpse.stage,
    problem: { ...toProblem(error, corpse.stage), message: causeText(error) },
    deliveries: corpse.deliveries,
    diedAt: new Date(),
  };
  const hdrs = headers();
  copyBlobHeader(corpse.headers, hdrs);
  await bus.js.publish(deadSubject(corpse.stage), DeadLetter.encode(letter).finish(), {
    headers: hdrs,
    msgID: `dead:${streamOf(corpse.stage)}:${corpse.sequence}`,
  });
}

/** A message that is a job; crops stay as they travelled. */
function readable(data: Uint8Array): Job | undefined {
  try {
    const job = Job.decode(data);
    return job.id === '' ? undefined : job;
  } catch {
    return undefined;
  }
}

/** The whole story for the operator; callers only ever get the outer message. */
function causeText(error: MienError): string {
  const cause: unknown = error.cause;
  if (cause === undefined) {
    return error.message;
  }
  return `${error.message}: ${cause instanceof Error ? cause.message : String(cause)}`;
}
