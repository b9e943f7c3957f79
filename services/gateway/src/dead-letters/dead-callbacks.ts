import type { Bus } from '@mien/bus';
import {
  type DeadCallback,
  decodeEvent,
  listDeadCallbacks,
  redriveDeadCallback,
  showDeadCallback,
} from '@mien/notifications';
import { DeadLetterKind, DeadLetterRecord } from '@mien/proto';
import type { LetterSource } from './letter-source';
import { sequenceIn } from './sequence';

const PREFIX = 'callback';

/** Callbacks that nobody took for 24 hours. */
export function deadCallbackLetters(bus: Bus): LetterSource {
  return {
    kind: DeadLetterKind.DEAD_LETTER_KIND_CALLBACK,
    prefix: PREFIX,
    list: async (limit, after) => {
      const dead = await listDeadCallbacks(bus, limit, after === undefined ? undefined : sequenceIn(after));
      return dead.map(recordOf);
    },
    get: async (id) => {
      const dead = await showDeadCallback(bus, sequenceIn(id));
      return { ...recordOf(dead), detail: detailOf(dead) };
    },
    redrive: (id) => redriveDeadCallback(bus, sequenceIn(id)),
  };
}

function recordOf({ sequence, url, callback, problem, attempts, diedAt }: DeadCallback): DeadLetterRecord {
  const { type, subject = '' } = decodeEvent(callback.body);
  return DeadLetterRecord.fromPartial({
    id: `${PREFIX}-${sequence}`,
    kind: DeadLetterKind.DEAD_LETTER_KIND_CALLBACK,
    where: url,
    jobId: type === 'job.finished' ? subject : '',
    problem,
    attempts,
    diedAt,
  });
}

function detailOf({ callback }: DeadCallback): string {
  const { id, endpointId, createdAt, body } = callback;
  return JSON.stringify({ callbackId: id, endpointId, createdAt, event: decodeEvent(body) });
}
