import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bus, findNatsServer, startNatsServer } from '@mien/bus';
import {
  EndpointStore,
  provisionNotifications,
  queueCallback,
  type StoredEndpoint,
  strangerSeen,
} from '@mien/notifications';
import { createLogger } from '@mien/service';
import { startNotifierProcess, stopNotifierProcess } from './callbacks/notifier-process';
import { type Manner, Receivers } from './callbacks/receivers';
import type { Benchmark, BenchmarkContext, Outcome } from './harness';
import { percentile } from './statistics';

const CALLBACKS = 10_000;
const ENDPOINTS = 100;
const HANGING = 20;
const FAILING = 20;
/** A busy installation; the bench, the receivers, NATS and the notifier share the machine. */
const PER_SECOND = 500;
const TICK_MS = 10;
const GOAL_MS = 2_000;
const PATIENCE_MS = 300_000;

export const benchmark: Benchmark = {
  name: 'callbacks',
  goal:
    `${CALLBACKS} callbacks to ${ENDPOINTS} endpoints of which ${HANGING} hang and ${FAILING} answer 500: ` +
    `those of healthy ones arrive all, p99 below ${GOAL_MS} ms`,
  async run(context) {
    const folder = await mkdtemp(join(tmpdir(), 'mien-callbacks-'));
    const binary = findNatsServer({
      explicit: process.env['MIEN_NATS_SERVER'],
      path: process.env['PATH'],
      folders: [join('.mien', 'bin')],
    });
    const nats = await startNatsServer({ binary, dataDir: join(folder, 'nats') });
    const logger = createLogger({ service: 'bench', level: 'warn' });
    const bus = await Bus.connect({ servers: [nats.url], name: 'bench', logger });
    const receivers = await Receivers.listen();
    try {
      await provisionNotifications(bus, { replicas: 1 });
      const notifier = await startNotifierProcess(nats.url, folder);
      try {
        return await measure(bus, receivers, context);
      } finally {
        await stopNotifierProcess(notifier);
      }
    } finally {
      receivers.close();
      await bus.close();
      await nats.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function measure(bus: Bus, receivers: Receivers, context: BenchmarkContext): Promise<Outcome> {
  const endpoints = await endpointsFor(bus, receivers);
  const healthy = (CALLBACKS / ENDPOINTS) * (ENDPOINTS - HANGING - FAILING);
  const late = new Promise<void>((resolve) => setTimeout(resolve, PATIENCE_MS).unref());
  const startedAt = performance.now();
  const createdAt = await createAll(bus, endpoints, context);
  const creationSeconds = (performance.now() - startedAt) / 1_000;
  await Promise.race([receivers.taken(healthy), late]);
  const delays = [...receivers.takenAt].map(([id, at]) => at - (createdAt.get(id) ?? at));
  const [p50, p99, most] = [0.5, 0.99, 1].map((part) => Math.round(percentile(delays, part)));
  const { forged, repeated, inVain } = receivers;
  context.print(
    `${CALLBACKS} callbacks created in ${creationSeconds.toFixed(1)} s; ${delays.length} of ${healthy} ` +
      `for healthy endpoints delivered, ${repeated} of them twice, ${forged} not rightly signed`,
  );
  context.print(`from creation to delivery: p50 ${p50} ms, p99 ${p99} ms, longest ${most} ms`);
  context.print(`attempts in vain: ${inVain.hangs} at hanging endpoints, ${inVain.fails} at failing ones`);
  return {
    pass: delays.length === healthy && forged === 0 && (p99 ?? Number.POSITIVE_INFINITY) < GOAL_MS,
    figures: {
      callbacks: CALLBACKS,
      healthy,
      delivered: delays.length,
      repeated,
      forged,
      p50Ms: p50,
      p99Ms: p99,
      longestMs: most,
      attemptsAtHanging: inVain.hangs,
      attemptsAtFailing: inVain.fails,
      perSecond: Math.round(CALLBACKS / creationSeconds),
    },
  };
}

async function endpointsFor(bus: Bus, receivers: Receivers): Promise<StoredEndpoint[]> {
  const store = await EndpointStore.open(bus, undefined);
  const endpoints: StoredEndpoint[] = [];
  for (let index = 0; index < ENDPOINTS; index += 1) {
    const path = `/${index}`;
    const endpoint = await store.create({ url: receivers.url(path), name: path, keyId: 'bench' });
    receivers.add(path, mannerOf(index), endpoint.secrets[0]?.secret ?? '');
    endpoints.push(endpoint);
  }
  return endpoints;
}

function mannerOf(index: number): Manner {
  if (index < HANGING) {
    return 'hangs';
  }
  return index < HANGING + FAILING ? 'fails' : 'takes';
}

/** Queues all callbacks at a steady rate, in turn for every endpoint; tells when each was begun. */
async function createAll(
  bus: Bus,
  endpoints: readonly StoredEndpoint[],
  context: BenchmarkContext,
): Promise<ReadonlyMap<string, number>> {
  const createdAt = new Map<string, number>();
  const queued: Promise<void>[] = [];
  const startedAt = performance.now();
  const create = (index: number) => {
    const id = `callback-${index}`;
    const endpointId = endpoints[index % endpoints.length]?.id ?? '';
    const event = strangerSeen({ source: 'bench', groupIds: ['staff'] }, { id, at: new Date() });
    createdAt.set(id, performance.now());
    queued.push(queueCallback(bus, { id, endpointId, event }));
  };
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(CALLBACKS, ((performance.now() - startedAt) / 1_000) * PER_SECOND);
      while (createdAt.size < due) {
        create(createdAt.size);
      }
      context.progress('created', createdAt.size, CALLBACKS);
      if (createdAt.size === CALLBACKS) {
        clearInterval(timer);
        resolve();
      }
    }, TICK_MS);
  });
  await Promise.all(queued);
  return createdAt;
}
