import { createHash } from 'node:crypto';
import { asMienError } from '@mien/errors';
import { errorAnswer } from '../error-answer';

/** What keeps proxies from taking a quiet stream for a dead one. */
const HEARTBEAT_MS = 15_000;
/** After a lost connection. */
const RETRY_MS = 2_000;

/** A state, as the stream tells it. */
export interface Told {
  /** The same for the same state, whichever gateway tells it: who has it need not be told again. */
  readonly id: string;
  readonly data: string;
}

export function told(state: unknown): Told {
  const data = JSON.stringify(state);
  return { id: createHash('sha256').update(data).digest('base64url').slice(0, 22), data };
}

/**
 * Server-Sent Events: `job` for each state but the one that the reader has, `problem` with the reason when there will be
 * no more though the job has not ended. https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export async function* eventStream(
  states: AsyncIterator<Told>,
  first: IteratorResult<Told>,
  lastEventId: string | undefined,
): AsyncGenerator<string, void, void> {
  yield `retry: ${RETRY_MS}\n\n`;
  let known = lastEventId;
  try {
    for (let next = first; next.done !== true; ) {
      if (next.value.id !== known) {
        known = next.value.id;
        yield `id: ${known}\nevent: job\ndata: ${next.value.data}\n\n`;
      }
      const coming = states.next();
      while (!(await within(coming, HEARTBEAT_MS))) {
        yield ': still here\n\n';
      }
      next = await coming;
    }
  } catch (thrown) {
    const error = asMienError(thrown);
    // Another gateway, or this one's successor, goes on: the reader comes again by itself.
    if (error.reason !== 'SHUTTING_DOWN') {
      yield `event: problem\ndata: ${JSON.stringify(errorAnswer(error))}\n\n`;
    }
  } finally {
    states.return?.()?.catch(() => undefined);
  }
}

/** Whether it settles within the time. */
async function within(coming: Promise<unknown>, timeMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), timeMs);
  });
  const settled = coming.then(
    () => true,
    () => true,
  );
  const result = await Promise.race([settled, late]);
  clearTimeout(timer);
  return result;
}
