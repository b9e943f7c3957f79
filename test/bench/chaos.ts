import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JobState, type JobWork, MienError } from '@mien/sdk';
import { defaultModelPack } from '../photos/repository';
import { singleFaces, variant } from '../photos/single-faces';
import { Cluster } from './chaos/cluster';
import { Killer } from './chaos/killer';
import { leftBehind } from './chaos/left-behind';
import { PatientClient } from './chaos/patient-client';
import { CallbackReceiver } from './chaos/receiver';
import { RecordFollower } from './chaos/record-follower';
import { concurrently } from './concurrently';
import type { Benchmark, BenchmarkContext, Outcome } from './harness';
import { median, rounded } from './statistics';

const JOBS = 5_000;
const OPEN_JOBS = 64;
const VARIANTS = 5;
const GROUP = 'chaos';
const CALLBACKS_WITHIN_MS = 120_000;

export const benchmark: Benchmark = {
  name: 'chaos',
  goal:
    `${JOBS} jobs while stages, notifier, gateway, library and nats-server are killed at random: each has one final ` +
    'state, each callback comes and none is forged, nothing is done after a cancel, nothing stays pending ' +
    '(--jobs=N; --copies=2: two gateways, two notifiers, two of each stage)',
  async run(context) {
    const dataDir = await mkdtemp(join(tmpdir(), 'mien-chaos-'));
    const receiver = await CallbackReceiver.listen();
    const cluster = await Cluster.start({
      dataDir,
      copies: numberIn(context.args, 'copies', 1),
      settings: {
        ...process.env,
        MIEN_DATA_DIR: dataDir,
        MIEN_MODEL_PACK: defaultModelPack(),
        MIEN_GATEWAY_AUTH: 'none',
        MIEN_CALLBACK_ALLOWED_NETWORKS: '127.0.0.1/32',
      },
    });
    const client = new PatientClient(cluster.gateways.map(({ grpcPort }) => `127.0.0.1:${grpcPort}`));
    const follower = await RecordFollower.start(cluster.natsUrl);
    try {
      return await measure({ cluster, client, follower, receiver, context });
    } finally {
      client.close();
      await follower.stop();
      await cluster.stop();
      receiver.close();
      await rm(dataDir, { recursive: true, force: true });
    }
  },
};

interface Parts {
  readonly cluster: Cluster;
  readonly client: PatientClient;
  readonly follower: RecordFollower;
  readonly receiver: CallbackReceiver;
  readonly context: BenchmarkContext;
}

interface Handed {
  readonly id: string;
  readonly kind: string;
  readonly personId?: string;
  /** Of a job that was cancelled: how many results it had then, and whether none of it was begun. */
  readonly cancelled?: { readonly results: number; readonly unbegun: boolean };
}

async function measure(parts: Parts): Promise<Outcome> {
  const { cluster, client, follower, receiver, context } = parts;
  const count = numberIn(context.args, 'jobs', JOBS);
  const photos = await client.ask(async (one) => {
    const faces = await singleFaces(one);
    return (await Promise.all(faces.map((face) => variants(face)))).flat();
  });
  await client.ask((one) => one.library.createGroup({ id: GROUP, name: GROUP }).catch(unlessTaken));
  const { endpoint, secret } = await client.ask((one) =>
    one.notifications.endpoints.create({ url: receiver.url }),
  );
  receiver.trust(secret);
  const started = performance.now();
  const killer = new Killer(cluster, follower);
  let done = 0;
  const handed = await concurrently(
    Array.from({ length: count }, (_, number) => number),
    OPEN_JOBS,
    async (number) => {
      const photo = photos[number % photos.length] ?? Buffer.alloc(0);
      const job = await handIn(number, photo, endpoint?.id ?? '', client);
      await follower.ended(job.id);
      done += 1;
      context.progress('jobs', done, count);
      return job;
    },
  );
  const seconds = (performance.now() - started) / 1_000;
  await killer.stop();
  const faults = await faultsOf(handed, parts);
  tellKills(killer, context);
  for (const fault of faults.slice(0, 20)) {
    context.print(`  ${fault}`);
  }
  const states = [...follower.endings.values()].map(({ state }) => JobState[state]);
  const repeated = [...receiver.received.values()].filter(({ times }) => times > 1).length;
  return {
    pass: faults.length === 0,
    figures: {
      jobs: count,
      copies: cluster.gateways.length,
      seconds: rounded(seconds, 0),
      jobsPerSecond: rounded(count / seconds, 1),
      kills: killer.kills.length,
      states: Object.fromEntries(
        [...new Set(states)].map((state) => [state, states.filter((one) => one === state).length]),
      ),
      callbacks: receiver.received.size,
      callbacksRepeated: repeated,
      callbacksForged: receiver.forged,
      cancelled: handed.filter(({ cancelled }) => cancelled !== undefined).length,
      recoveredP50Ms: rounded(median(killer.kills.map(({ nextEndMs }) => nextEndMs)), 0),
      recoveredMaxMs: rounded(Math.max(...killer.kills.map(({ nextEndMs }) => nextEndMs)), 0),
      faults: faults.length,
    },
  };
}

async function handIn(
  number: number,
  photo: Buffer,
  endpointId: string,
  client: PatientClient,
): Promise<Handed> {
  const kind = number % 10 === 9 ? 'enrol' : number % 10 === 8 ? 'search' : 'detect';
  const personId = kind === 'enrol' ? `person-${number}` : undefined;
  const about = { key: `chaos-${number}`, endpointId, ...(personId === undefined ? {} : { personId }) };
  const { id } = await client.submit(photo, workOf(kind), about);
  const job: Handed = { id, kind, ...(personId === undefined ? {} : { personId }) };
  if (number % 21 !== 20) {
    return job;
  }
  const cancelled = await client.cancel(id);
  if (cancelled === undefined) {
    return job;
  }
  const results = await resultsOf(id, client);
  return { ...job, cancelled: { results, unbegun: cancelled.startedAt === undefined } };
}

function workOf(kind: string): JobWork {
  if (kind === 'enrol') {
    return { enrol: { groupId: GROUP } };
  }
  return kind === 'search' ? { search: { groupIds: [GROUP] } } : { detect: { features: { quality: true } } };
}

/** What is not as it was promised, a line each. */
async function faultsOf(handed: readonly Handed[], parts: Parts): Promise<string[]> {
  const { client, follower, receiver, cluster } = parts;
  const faults: string[] = [];
  const ids = new Set(handed.map(({ id }) => id));
  if (ids.size !== handed.length) {
    faults.push(`${handed.length} submissions made ${ids.size} jobs`);
  }
  for (const job of handed) {
    const ending = follower.endings.get(job.id);
    const { state } = await client.ask((one) => one.jobs.get(job.id));
    if (ending?.times !== 1 || ending.state !== state) {
      faults.push(`${job.id} ended ${ending?.times} times, as ${ending?.state}, and is ${state}`);
    }
    const expected = job.cancelled === undefined ? JobState.JOB_STATE_DONE : JobState.JOB_STATE_CANCELLED;
    if (state !== expected) {
      const why = (await refusalsOf(job.id, client)).join(', ');
      faults.push(`${job.id} (${job.kind}) is ${JobState[state]}: ${why}`);
    }
    faults.push(...(await doneAfterCancel(job, client)));
  }
  await callbacksOf(ids, receiver);
  const missing = [...ids].filter((id) => !receiver.received.has(`job-${id}-1`));
  const unknown = [...receiver.received.keys()].filter((id) => !ids.has(id.slice(4, -2)));
  if (missing.length + unknown.length + receiver.forged > 0) {
    faults.push(
      `callbacks: ${missing.length} missing, ${unknown.length} unknown, ${receiver.forged} forged; ` +
        `such as ${missing[0] ?? unknown[0]}`,
    );
  }
  return [...faults, ...(await leftBehind(cluster.natsUrl))];
}

async function doneAfterCancel(job: Handed, client: PatientClient): Promise<string[]> {
  if (job.cancelled === undefined) {
    return [];
  }
  const results = await resultsOf(job.id, client);
  const faults =
    results === job.cancelled.results ? [] : [`${job.id} has ${results} results after its cancel`];
  const { personId } = job;
  if (job.cancelled.unbegun && personId !== undefined) {
    const there = await client.ask((one) =>
      one.library.getPerson(personId).then(
        () => true,
        (error: unknown) => {
          if (error instanceof MienError && error.reason === 'PERSON_NOT_FOUND') {
            return false;
          }
          throw error;
        },
      ),
    );
    faults.push(...(there ? [`${job.id} enrolled somebody after its cancel`] : []));
  }
  return faults;
}

function resultsOf(id: string, client: PatientClient): Promise<number> {
  return client.ask(async (one) => {
    let count = 0;
    for await (const _ of one.jobs.results(id)) {
      count += 1;
    }
    return count;
  });
}

function refusalsOf(id: string, client: PatientClient): Promise<string[]> {
  return client.ask(async (one) => {
    const reasons: string[] = [];
    for await (const { result } of one.jobs.results(id)) {
      reasons.push(
        result?.$case === 'refusal' ? `${result.value.reason} (${result.value.message})` : 'answered',
      );
    }
    return reasons;
  });
}

/** Waits until every job's callback has come, or time is up. */
async function callbacksOf(ids: ReadonlySet<string>, receiver: CallbackReceiver): Promise<void> {
  const deadline = Date.now() + CALLBACKS_WITHIN_MS;
  while (Date.now() < deadline && [...ids].some((id) => !receiver.received.has(`job-${id}-1`))) {
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

function tellKills({ kills }: Killer, { print }: BenchmarkContext): void {
  for (const victim of [...new Set(kills.map((kill) => kill.victim))].sort()) {
    const of = kills.filter((kill) => kill.victim === victim);
    const ready = of.map(({ readyMs }) => readyMs / 1_000);
    const next = of.map(({ nextEndMs }) => nextEndMs / 1_000);
    print(
      `${victim}: ${of.length} kills; ready again after ${median(ready).toFixed(1)} s (at most ` +
        `${Math.max(...ready).toFixed(1)}), the next job ended after ${median(next).toFixed(1)} s (at most ` +
        `${Math.max(...next).toFixed(1)})`,
    );
  }
}

async function variants(face: Buffer): Promise<Buffer[]> {
  return await Promise.all(Array.from({ length: VARIANTS }, (_, number) => variant(face, number)));
}

function unlessTaken(error: unknown): void {
  if (!(error instanceof MienError && error.reason === 'GROUP_ID_TAKEN')) {
    throw error;
  }
}

function numberIn(args: readonly string[], name: string, usual: number): number {
  const given = args.find((arg) => arg.startsWith(`--${name}=`));
  return given === undefined ? usual : Number(given.slice(name.length + 3));
}
