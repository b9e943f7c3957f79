import { MienError } from '@mien/errors';
import { DeadLetter, Job } from '@mien/proto';
import type { StoredMsg } from '@nats-io/jetstream';
import { headers, type MsgHdrs } from '@nats-io/transport-node';
import { LANES, STAGE_NAMES } from '../catalog';
import type { Bus } from '../connection';
import { copyBlobHeader } from '../envelope';
import { DEAD_STREAM, deadSubject, workSubject } from '../subjects';

/** A dead letter and its place in the dead-letter stream. */
export interface FiledLetter {
  readonly sequence: number;
  readonly letter: DeadLetter;
}

interface Found extends FiledLetter {
  /** Under which it was buried. */
  readonly subject: string;
  readonly headers: MsgHdrs | undefined;
}

/** The newest dead letters, newest first; of those before a place in the stream when that is given. */
export async function listDeadLetters(bus: Bus, limit: number, before?: number): Promise<FiledLetter[]> {
  const { state } = await bus.jsm.streams.info(DEAD_STREAM);
  const letters: FiledLetter[] = [];
  const last = Math.min(state.last_seq, (before ?? Number.POSITIVE_INFINITY) - 1);
  for (let sequence = last; sequence >= state.first_seq && letters.length < limit; sequence -= 1) {
    const found = state.messages === 0 ? undefined : await find(bus, sequence);
    if (found !== undefined) {
      letters.push({ sequence, letter: found.letter });
    }
  }
  return letters;
}

/** Throws NOT_FOUND. */
export async function showDeadLetter(bus: Bus, sequence: number): Promise<DeadLetter> {
  return (await findOrThrow(bus, sequence)).letter;
}

/**
 * Puts a dead job back into the queue that it died in, with a new deadline, and removes its letter. Nobody may
 * be waiting for its answer any more. Throws NOT_FOUND, or ARGUMENT_INVALID when it holds no readable job or its stage could
 * not have had it.
 */
export async function redriveDeadLetter(
  bus: Bus,
  sequence: number,
  options: { deadlineMs: number },
): Promise<void> {
  const { letter, subject, headers: kept } = await findOrThrow(bus, sequence);
  if (letter.job === undefined) {
    throw new MienError('ARGUMENT_INVALID', `dead letter ${sequence} holds no readable job`);
  }
  if (!isOfItsStage(letter, subject)) {
    throw new MienError('ARGUMENT_INVALID', `dead letter ${sequence} is not of a queue of its stage`);
  }
  const job = { ...letter.job, deadline: new Date(Date.now() + options.deadlineMs), enqueuedAt: new Date() };
  const hdrs = headers();
  copyBlobHeader(kept, hdrs);
  // Its own message id: the queue still remembers the job's first one.
  const msgID = `${job.id}:redrive:${sequence}`;
  await bus.js.publish(letter.subject, Job.encode(job).finish(), { headers: hdrs, msgID });
  await bus.jsm.streams.deleteMessage(DEAD_STREAM, sequence);
}

async function findOrThrow(bus: Bus, sequence: number): Promise<Found> {
  const found = await find(bus, sequence);
  if (found === undefined) {
    throw new MienError('NOT_FOUND', `there is no dead letter ${sequence}`);
  }
  return found;
}

async function find(bus: Bus, seq: number): Promise<Found | undefined> {
  const stored = await bus.jsm.streams.getMessage(DEAD_STREAM, { seq });
  if (stored === null) {
    return undefined;
  }
  const { subject, header } = stored;
  return { sequence: seq, subject, letter: readLetter(stored), headers: header };
}

/** What is no letter hides no other from the list. */
function readLetter({ data, subject, time }: StoredMsg): DeadLetter {
  try {
    return DeadLetter.decode(data);
  } catch {
    const problem = {
      reason: 'RECORD_UNREADABLE',
      message: 'the letter can not be read',
      stage: '',
      metadata: {},
    };
    return DeadLetter.fromPartial({ raw: Buffer.from(data), subject, problem, diedAt: time });
  }
}

/** A stage may bury its own jobs only, and what it wrote into a letter must not lead us elsewhere. */
function isOfItsStage({ stage, subject }: DeadLetter, buriedUnder: string): boolean {
  const name = STAGE_NAMES.find((known) => known === stage);
  return (
    name !== undefined &&
    buriedUnder === deadSubject(name) &&
    LANES.some((lane) => subject === workSubject(name, lane))
  );
}
