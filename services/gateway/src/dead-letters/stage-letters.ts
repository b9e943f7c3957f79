import { type Bus, listDeadLetters, redriveDeadLetter, showDeadLetter } from '@mien/bus';
import { isReason, MienError } from '@mien/errors';
import { type DeadLetter, DeadLetterKind, DeadLetterRecord } from '@mien/proto';
import type { LetterSource } from './letter-source';
import { sequenceIn } from './sequence';

const PREFIX = 'stage';

/** Work that a stage of the line gave up. A job driven again gets so long from then. */
export function stageLetters(bus: Bus, deadlineMs: number): LetterSource {
  return {
    kind: DeadLetterKind.DEAD_LETTER_KIND_STAGE,
    prefix: PREFIX,
    list: async (limit, after) => {
      const filed = await listDeadLetters(bus, limit, after === undefined ? undefined : sequenceIn(after));
      return filed.map(({ sequence, letter }) => recordOf(sequence, letter));
    },
    get: async (id) => {
      const sequence = sequenceIn(id);
      const letter = await found(() => showDeadLetter(bus, sequence));
      return { ...recordOf(sequence, letter), detail: detailOf(letter) };
    },
    redrive: (id) => found(() => redriveDeadLetter(bus, sequenceIn(id), { deadlineMs })),
  };
}

async function found<T>(look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof MienError && error.reason === 'NOT_FOUND') {
      throw new MienError('DEAD_LETTER_NOT_FOUND', error.message);
    }
    throw error;
  }
}

function recordOf(sequence: number, letter: DeadLetter): DeadLetterRecord {
  const { stage, job, problem, deliveries, diedAt } = letter;
  const reason = problem?.reason ?? '';
  return DeadLetterRecord.fromPartial({
    id: `${PREFIX}-${sequence}`,
    kind: DeadLetterKind.DEAD_LETTER_KIND_STAGE,
    where: stage,
    jobId: job?.submission?.jobId ?? job?.id ?? '',
    problem: { reason: isReason(reason) ? reason : 'INTERNAL', message: problem?.message ?? '' },
    attempts: deliveries,
    ...(diedAt === undefined ? {} : { diedAt }),
  });
}

/** What is not about anybody's face. */
function detailOf({ subject, job, raw }: DeadLetter): string {
  return JSON.stringify({
    subject,
    readable: job !== undefined,
    unreadableBytes: raw.length,
    lineJobId: job?.id,
    submission: job?.submission,
    photos: job?.photos.length,
    faces: job?.photos.reduce((sum, { faces }) => sum + faces.length, 0),
    itinerary: job?.itinerary,
    task: job?.options?.library?.task?.$case,
  });
}
