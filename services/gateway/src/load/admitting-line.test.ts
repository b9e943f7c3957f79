import type { LaneName, NewJob } from '@mien/bus';
import { Job, Lane } from '@mien/proto';
import { AdmittingLine } from './admitting-line';
import { InteractiveActivity } from './interactive-activity';

const LIMITS = { batchMaxWaiting: 100, batchMaxWaitMs: 10_000, interactiveWaitMs: 1_000, longestMs: 60_000 };
const { signal } = new AbortController();

interface Queues {
  readonly waiting: number;
  readonly batchMs: number;
  readonly interactiveMs: number;
}

function submit(queues: Partial<Queues>, work: Partial<NewJob>, deadlineMs = 30_000): Promise<Job> {
  const { waiting = 0, batchMs = 0, interactiveMs = 0 } = queues;
  const line = new AdmittingLine(
    { submit: async () => Job.fromPartial({ id: 'taken' }) },
    {
      waiting: () => waiting,
      expectedWaitMs: (_: readonly string[], lane: LaneName) => (lane === 'batch' ? batchMs : interactiveMs),
    },
    new InteractiveActivity({ quietMs: 0, oneByOneMs: 0, longestWaitMs: 0 }),
    LIMITS,
  );
  const job = {
    lane: Lane.LANE_INTERACTIVE,
    itinerary: ['detector'],
    options: undefined,
    photos: [],
    ...work,
  };
  return line.submit(job, { deadlineMs, signal });
}

const batch = { lane: Lane.LANE_BATCH };
const ofJob = { ...batch, submission: { jobId: 'a', photoIndex: 0 } };

describe('admission to the line', () => {
  it.each<[string, Partial<Queues>, Partial<NewJob>, number?]>([
    ['anything while nothing waits', {}, batch],
    ['batch requests below the limits', { waiting: 99, batchMs: 9_999, interactiveMs: 999 }, batch],
    ['interactive requests, whatever waits of batch', { waiting: 1e6, batchMs: 1e6 }, {}],
    ['interactive requests that have the time', { interactiveMs: 29_000 }, {}],
    ['photos of jobs', { waiting: 1e6, batchMs: 1e6, interactiveMs: 1e6 }, ofJob],
  ])('takes %s', async (_, queues, work) => {
    expect((await submit(queues, work)).id).toBe('taken');
  });

  it.each<[string, Partial<Queues>, Partial<NewJob>, number, string]>([
    ['batch requests when many wait', { waiting: 100 }, batch, 30_000, '1'],
    ['batch requests when they wait long', { batchMs: 14_500 }, batch, 30_000, '5'],
    ['batch requests when interactive ones wait', { interactiveMs: 1_001 }, batch, 30_000, '1'],
    ['batch requests that would come too late', { batchMs: 5_000 }, batch, 2_000, '3'],
    ['interactive requests that would come too late', { interactiveMs: 9_000 }, {}, 2_000, '7'],
    ['any, not for longer than a minute', { interactiveMs: 1e6 }, {}, 2_000, '60'],
  ])('refuses %s', async (_, queues, work, deadlineMs, retryAfterSeconds) => {
    await expect(submit(queues, work, deadlineMs)).rejects.toMatchObject({
      reason: 'OVERLOADED',
      metadata: { retryAfterSeconds },
    });
  });
});
