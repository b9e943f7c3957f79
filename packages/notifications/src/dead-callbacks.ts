import { type Bus, DEAD_CALLBACKS_STREAM, deadCallbackSubject } from '@mien/bus';
import { MienError } from '@mien/errors';
import { headers } from '@nats-io/transport-node';
import { type Callback, callbackIn, sendToQueue, writeHeaders } from './callbacks';

/** A callback that was given up. */
export interface DeadCallback {
  /** Place in the stream of dead callbacks. */
  readonly sequence: number;
  readonly callback: Callback;
  readonly url: string;
  readonly attempts: number;
  readonly problem: { readonly reason: string; readonly message: string };
  readonly diedAt: Date;
}

const URL_HEADER = 'Mien-Url';
const ATTEMPTS = 'Mien-Attempts';
const REASON = 'Mien-Reason';
const MESSAGE = 'Mien-Message';
const DIED = 'Mien-Died-At';

export interface Death {
  readonly url: string;
  readonly attempts: number;
  readonly error: MienError;
  /** Place of the callback in its queue: burying it twice buries it once. */
  readonly sequence: number;
}

/** Puts a callback among the dead ones. */
export async function buryCallback(
  bus: Bus,
  callback: Callback,
  { url, attempts, error, sequence }: Death,
): Promise<void> {
  const hdrs = headers();
  writeHeaders(callback, hdrs);
  hdrs.set(URL_HEADER, url);
  hdrs.set(ATTEMPTS, String(attempts));
  hdrs.set(REASON, error.reason);
  hdrs.set(MESSAGE, error.message);
  hdrs.set(DIED, new Date().toISOString());
  await bus.js.publish(deadCallbackSubject(callback.endpointId), callback.body, {
    headers: hdrs,
    msgID: `dead:${sequence}`,
  });
}

/** Newest first, at most so many, older than `before` when that is given. */
export async function listDeadCallbacks(bus: Bus, limit: number, before?: number): Promise<DeadCallback[]> {
  const { state } = await bus.jsm.streams.info(DEAD_CALLBACKS_STREAM);
  const dead: DeadCallback[] = [];
  const last = Math.min(state.last_seq, (before ?? Number.POSITIVE_INFINITY) - 1);
  for (let seq = last; state.messages > 0 && seq >= state.first_seq && dead.length < limit; seq -= 1) {
    const found = await find(bus, seq);
    if (found !== undefined) {
      dead.push(found);
    }
  }
  return dead;
}

/** Throws DEAD_LETTER_NOT_FOUND. */
export async function showDeadCallback(bus: Bus, sequence: number): Promise<DeadCallback> {
  const found = await find(bus, sequence);
  if (found === undefined) {
    throw new MienError('DEAD_LETTER_NOT_FOUND', `there is no dead callback ${sequence}`);
  }
  return found;
}

/** Queues it again under its id, for another 24 hours, and takes it off the list. Throws DEAD_LETTER_NOT_FOUND. */
export async function redriveDeadCallback(bus: Bus, sequence: number): Promise<void> {
  const { callback } = await showDeadCallback(bus, sequence);
  const msgID = `${callback.endpointId}:${callback.id}:redrive:${sequence}`;
  await sendToQueue(bus, { ...callback, createdAt: new Date() }, msgID);
  await bus.jsm.streams.deleteMessage(DEAD_CALLBACKS_STREAM, sequence);
}

async function find(bus: Bus, seq: number): Promise<DeadCallback | undefined> {
  const stored = await bus.jsm.streams.getMessage(DEAD_CALLBACKS_STREAM, { seq });
  if (stored === null) {
    return undefined;
  }
  const { subject, data, header } = stored;
  const told = (name: string) => header.get(name);
  return {
    sequence: seq,
    callback: callbackIn({ subject, data, headers: header }),
    url: told(URL_HEADER),
    attempts: Number(told(ATTEMPTS)),
    problem: { reason: told(REASON), message: told(MESSAGE) },
    diedAt: new Date(told(DIED)),
  };
}
