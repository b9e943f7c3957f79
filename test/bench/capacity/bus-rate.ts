import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findNatsServer, startNatsServer } from '@mien/bus';
import { AckPolicy, jetstream, jetstreamManager, RetentionPolicy, StorageType } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { repositoryRoot } from '../../photos/repository';
import { concurrently } from '../concurrently';
import type { BenchmarkContext, Outcome } from '../harness';
import { rounded } from '../statistics';
import { ProcessorClock } from './processor-clock';

/** A job without crops, and one with those of a face or two. */
const SIZES = [
  { bytes: 4_096, messages: 20_000 },
  { bytes: 262_144, messages: 1_500 },
] as const;
const IN_FLIGHT = 64;
const STREAM = 'RATE';

/** What one work queue of one nats-server carries, put in and taken out at once, and what that takes. */
export async function measureBus(context: BenchmarkContext): Promise<Outcome['figures']> {
  const folder = await mkdtemp(join(tmpdir(), 'mien-bus-rate-'));
  const server = await startNatsServer({ binary: natsBinary(), dataDir: folder });
  const nc = await connect({ servers: [server.url] });
  try {
    const figures: Record<string, number> = {};
    for (const { bytes, messages } of SIZES) {
      const clock = new ProcessorClock([0, 1]);
      await queue(nc);
      const from = clock.now();
      await Promise.all([put(nc, bytes, messages), take(nc, messages)]);
      const use = clock.since(from);
      const perSecond = messages / use.seconds;
      const megabytes = (perSecond * bytes) / 1e6;
      context.print(
        `${bytes} bytes: ${perSecond.toFixed(0)} messages and ${megabytes.toFixed(0)} MB a second through; ` +
          `others took ${(use.others * 100).toFixed(0)} % of two cores`,
      );
      figures[`perSecond${bytes}`] = rounded(perSecond, 0);
      figures[`megabytes${bytes}`] = rounded(megabytes, 1);
    }
    return figures;
  } finally {
    await nc.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** As a stage's, with one copy. */
async function queue(nc: NatsConnection): Promise<void> {
  const jsm = await jetstreamManager(nc);
  await jsm.streams.delete(STREAM).catch(() => undefined);
  await jsm.streams.add({
    name: STREAM,
    subjects: ['rate'],
    retention: RetentionPolicy.Workqueue,
    storage: StorageType.File,
  });
  await jsm.consumers.add(STREAM, {
    durable_name: 'rate',
    ack_policy: AckPolicy.Explicit,
    max_ack_pending: 2_048,
  });
}

async function put(nc: NatsConnection, bytes: number, messages: number): Promise<void> {
  const js = jetstream(nc);
  const payload = new Uint8Array(bytes).fill(7);
  await concurrently(Array.from({ length: messages }), IN_FLIGHT, () => js.publish('rate', payload));
}

async function take(nc: NatsConnection, messages: number): Promise<void> {
  const consumer = await jetstream(nc).consumers.get(STREAM, 'rate');
  const incoming = await consumer.consume({ max_messages: IN_FLIGHT });
  let taken = 0;
  for await (const message of incoming) {
    message.ack();
    taken += 1;
    if (taken === messages) {
      return;
    }
  }
}

function natsBinary(): string {
  return findNatsServer({
    explicit: process.env['MIEN_NATS_SERVER'],
    path: process.env['PATH'],
    folders: [join(repositoryRoot(), '.mien', 'bin')],
  });
}
