import { EVENTS_STREAM, JOBS_BUCKET } from '@mien/bus';
import { provisionJobs } from '@mien/jobs';
import { JobRecord, JobState } from '@mien/proto';
import { counter } from '@mien/telemetry';
import { Kvm } from '@nats-io/kv';
import { metrics } from '@opentelemetry/api';
import { Receiver } from '../testing/receiver';
import { TestNotifiers } from '../testing/test-notifiers';
import { JobWatch } from './job-watch';

const [A, B, C, D] = [
  '01KAWJ00000000000000000001',
  '01KAWJ00000000000000000002',
  '01KAWJ00000000000000000003',
  '01KAWJ00000000000000000004',
] as const;

const keyOf = (id: string) => `job.20261125.${id}`;

describe('the watch over jobs', () => {
  let test: TestNotifiers;
  let receiver: Receiver;
  let watches: { drain(): Promise<void> }[];

  const watch = (knows: (endpointId: string) => Promise<boolean> = async () => true) => {
    const { bus, logger } = test;
    watches.push(new JobWatch({ bus, knows, ended: counter(metrics.getMeter('test'), 'jobsEnded'), logger }));
  };

  const bucket = async () => {
    await provisionJobs(test.bus, { retentionSeconds: 3_600 });
    return new Kvm(test.bus.js).open(JOBS_BUCKET);
  };

  const job = (id: string, wanted: Partial<JobRecord>) =>
    JobRecord.encode(
      JobRecord.fromPartial({
        id,
        state: JobState.JOB_STATE_DONE,
        attempt: 1,
        endedAt: new Date(),
        ...wanted,
      }),
    ).finish();

  beforeEach(async () => {
    watches = [];
    [test, receiver] = await Promise.all([TestNotifiers.start(), Receiver.start()]);
  });

  afterEach(async () => {
    await Promise.all(watches.map((one) => one.drain()));
    await test.stop();
    await receiver.stop();
  });

  it('tells of each job that ended and calls its endpoint once, however many watch', async () => {
    await test.notifier();
    watch();
    watch();
    // They wait for the bucket.
    const kv = await bucket();
    const { id: callbackEndpointId } = await test.endpoint(receiver.url('/hook'));
    const end = { state: JobState.JOB_STATE_DONE, failure: undefined, done: 3, failed: 0 };
    const running = { state: JobState.JOB_STATE_RUNNING, callbackEndpointId };
    await kv.put(keyOf(A), job(A, running));
    await kv.put(keyOf(B), job(B, {}));
    await kv.put(keyOf(A), job(A, { callbackEndpointId, end }));
    await receiver.until(() => receiver.received.length > 0);
    const [received] = receiver.received;
    expect(received?.headers['webhook-id']).toBe(`job-${A}-1`);
    expect(received?.event).toMatchObject({
      type: 'job.finished',
      source: '/mien/jobs',
      subject: A,
      data: { job: { id: A, state: 'JOB_STATE_DONE', photosDone: 3 } },
    });
    const events = await test.follow(EVENTS_STREAM);
    const told: string[] = [];
    for await (const message of events) {
      told.push(message.json<{ id: string }>().id);
      if (told.length === 2) {
        break;
      }
    }
    expect(told.toSorted()).toEqual([`job-${A}-1`, `job-${B}-1`]);
    await test.callbacksGone();
    expect(receiver.received).toHaveLength(1);
  });

  it('tells of what ended while nobody watched, and calls nobody who is gone', async () => {
    const kv = await bucket();
    await kv.put(keyOf(C), job(C, { callbackEndpointId: 'gone' }));
    await kv.delete(keyOf(D));
    const told = test.logged('the endpoint of a job is gone');
    watch(async () => false);
    await told;
  });
});
