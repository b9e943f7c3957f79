import { STAGE_NAMES } from '@mien/bus';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';

const QUEUES = [
  ...STAGE_NAMES.map((stage) => `MIEN_${stage.toUpperCase()}`),
  'MIEN_JOB_TASKS',
  'MIEN_CALLBACKS',
];
const FOLLOWERS = [
  ['KV_mien_jobs', 'job-planner'],
  ['KV_mien_jobs', 'notifier'],
  ['MIEN_EVENTS', 'notifier-rules'],
] as const;
const LIMIT_MS = 120_000;

/** What still lies in queues or with consumers, looked at until nothing does or time is up. */
export async function leftBehind(natsUrl: string): Promise<string[]> {
  const nc = await connect({ servers: natsUrl });
  try {
    const jsm = await jetstreamManager(nc);
    for (const deadline = Date.now() + LIMIT_MS; ; ) {
      const left: string[] = [];
      for (const name of QUEUES) {
        const { state } = await jsm.streams.info(name);
        if (state.messages > 0) {
          left.push(`${state.messages} in ${name}`);
        }
      }
      for (const [stream, consumer] of FOLLOWERS) {
        const { num_ack_pending, num_pending } = await jsm.consumers.info(stream, consumer);
        if (num_ack_pending + num_pending > 0) {
          left.push(`${num_ack_pending} and ${num_pending} with ${consumer}`);
        }
      }
      if (left.length === 0 || Date.now() > deadline) {
        return left;
      }
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  } finally {
    await nc.close();
  }
}
