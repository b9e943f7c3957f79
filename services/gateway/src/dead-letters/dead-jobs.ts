import { MienError } from '@mien/errors';
import type { JobStore } from '@mien/jobs';
import { DeadLetterKind, DeadLetterRecord, JobState, type SubmittedJob } from '@mien/proto';
import type { LetterSource } from './letter-source';

const PREFIX = 'job';
const DEAD = [JobState.JOB_STATE_DEAD];

/** Jobs with photos that the platform gave up on, the newest job first. One driven again gets so long from then. */
export function deadJobLetters(
  jobs: Pick<JobStore, 'list' | 'get' | 'redrive'>,
  deadlineMs: number,
): LetterSource {
  return {
    kind: DeadLetterKind.DEAD_LETTER_KIND_JOB,
    prefix: PREFIX,
    list: async (size, after = '') => {
      const { jobs: dead } = await jobs.list({ states: DEAD, size, cursor: after });
      return dead.map(recordOf);
    },
    get: async (id) => {
      const job = await found(() => jobs.get(id));
      if (job.state !== JobState.JOB_STATE_DEAD) {
        throw notDead();
      }
      return { ...recordOf(job), detail: detailOf(job) };
    },
    redrive: async (id) => {
      await found(() => jobs.redrive(id, new Date(Date.now() + deadlineMs)));
    },
  };
}

async function found<T>(look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    const gone =
      error instanceof MienError && (error.reason === 'JOB_NOT_FOUND' || error.reason === 'JOB_ENDED');
    throw gone ? notDead() : error;
  }
}

function notDead(): MienError {
  return new MienError('DEAD_LETTER_NOT_FOUND', 'there is no such dead job');
}

function recordOf({ id, work, failure, endedAt }: SubmittedJob): DeadLetterRecord {
  return DeadLetterRecord.fromPartial({
    id: `${PREFIX}-${id}`,
    kind: DeadLetterKind.DEAD_LETTER_KIND_JOB,
    where: work,
    jobId: id,
    ...(failure === undefined ? {} : { problem: failure }),
    ...(endedAt === undefined ? {} : { diedAt: endedAt }),
  });
}

function detailOf({ name, keyId, photosTotal, photosDone, photosFailed, createdAt }: SubmittedJob): string {
  return JSON.stringify({ name, keyId, photosTotal, photosDone, photosFailed, createdAt });
}
