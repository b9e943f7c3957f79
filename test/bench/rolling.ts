import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MienClient } from '@mien/sdk';
import { packagedPhotos } from '../photos/packaged';
import { defaultModelPack } from '../photos/repository';
import { singleFaces } from '../photos/single-faces';
import { CallbackReceiver } from './chaos/receiver';
import type { Benchmark, BenchmarkContext, Outcome } from './harness';
import { Fleet, type Roll } from './rolling/fleet';
import { buildRelease, type Release, THIS_RELEASE } from './rolling/release';
import { type Asked, Traffic } from './rolling/traffic';
import { percentile, rounded } from './statistics';

const GROUP = 'rolling';
/** Under load before the first restart, and after the last. */
const BEFORE_MS = 20_000;
const AFTER_MS = 5_000;
const CALLBACKS_WITHIN_MS = 60_000;

export const benchmark: Benchmark = {
  name: 'rolling',
  goal:
    'every service replaced by a new process during load, old and new side by side, without a failed request ' +
    '(--from=COMMIT, --to=COMMIT: the old or the new processes are of that commit; --to=from: all are)',
  async run(context) {
    const folder = await mkdtemp(join(tmpdir(), 'mien-rolling-'));
    const receiver = await CallbackReceiver.listen();
    try {
      const old = await releaseOf('from', folder, context);
      const next = context.args.includes('--to=from') ? old : await releaseOf('to', folder, context);
      const fleet = await Fleet.start(folder, old, {
        ...process.env,
        MIEN_MODEL_PACK: defaultModelPack(),
        MIEN_GATEWAY_AUTH: 'none',
        MIEN_CALLBACK_ALLOWED_NETWORKS: '127.0.0.1/32',
      });
      try {
        return await measure(fleet, next, receiver, context);
      } finally {
        await fleet.stop();
      }
    } finally {
      receiver.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function measure(
  fleet: Fleet,
  next: Release,
  receiver: CallbackReceiver,
  context: BenchmarkContext,
): Promise<Outcome> {
  const traffic = await prepare(fleet, receiver);
  const rolls: Roll[] = [];
  traffic.start();
  try {
    await sleep(BEFORE_MS);
    for await (const roll of fleet.roll(next)) {
      rolls.push(roll);
      context.progress('restarted', rolls.length, fleet.labels.length);
    }
    await sleep(AFTER_MS);
  } finally {
    await traffic.stop();
  }
  const missing = await missingCallbacks(traffic.jobs, receiver);
  await traffic.close();
  return outcomeOf(traffic, rolls, missing, context);
}

/** The commit that the option names, built in a folder of its own; what is here without the option. */
async function releaseOf(
  option: string,
  folder: string,
  { args, print }: BenchmarkContext,
): Promise<Release> {
  const commit = args.find((arg) => arg.startsWith(`--${option}=`))?.slice(option.length + 3);
  if (commit === undefined) {
    return THIS_RELEASE;
  }
  print(`building ${commit}`);
  return await buildRelease(commit, await mkdtemp(join(folder, 'build-')));
}

/** The group, who is called back, and the photos that are asked about. */
async function prepare(fleet: Fleet, receiver: CallbackReceiver): Promise<Traffic> {
  const grpc = fleet.grpcEntrances.map(({ address }) => address);
  const client = new MienClient(grpc[0] ?? '', { timeoutMs: 60_000 });
  try {
    const photos = await singleFaces(client);
    await client.library.createGroup({ id: GROUP, name: GROUP });
    const { endpoint, secret } = await client.notifications.endpoints.create({ url: receiver.url });
    receiver.trust(secret);
    return new Traffic({
      grpc,
      http: fleet.httpEntrance.address,
      groupId: GROUP,
      photos,
      largePhoto: packagedPhotos()[0]?.path ?? '',
      callbackEndpointId: endpoint?.id ?? '',
    });
  } finally {
    client.close();
  }
}

function outcomeOf(
  { asked, retried, jobs }: Traffic,
  rolls: readonly Roll[],
  missingCallbacks: number,
  { print }: BenchmarkContext,
): Outcome {
  const firstFrom = rolls[0]?.from ?? 0;
  const before = asked.filter(({ ended }) => ended < firstFrom);
  for (const roll of rolls) {
    const during = within(asked, roll);
    print(
      `${roll.label}: ready after ${(roll.startMs / 1_000).toFixed(1)} s, the old one gone after ` +
        `${(roll.drainMs / 1_000).toFixed(1)} s; ${during.length} requests, p99 ${p99(during)} ms, ` +
        `longest without an answer ${rounded(longestGapMs(during, roll), 0)} ms`,
    );
  }
  const failures = asked.filter(({ failure }) => failure !== undefined);
  for (const [failure, count] of counted(failures.map(({ kind, failure: why }) => `${kind}: ${why}`))) {
    print(`  ${count} x ${failure}`);
  }
  const restarting = asked.filter(({ ended }) => ended >= firstFrom);
  return {
    pass: failures.length === 0 && missingCallbacks === 0 && asked.length > 0,
    figures: {
      requests: asked.length,
      requestsDuringRestarts: restarting.length,
      failed: failures.length,
      retried: Object.fromEntries(counted(retried)),
      restarts: rolls.length,
      jobs: jobs.length,
      missingCallbacks,
      p99BeforeMs: p99(before),
      p99DuringMs: p99(restarting),
      longestGapMs: rounded(Math.max(...rolls.map((roll) => longestGapMs(within(asked, roll), roll))), 0),
    },
  };
}

function within(asked: readonly Asked[], { from, until }: Roll): Asked[] {
  return asked.filter(({ ended }) => ended >= from && ended < until);
}

function p99(asked: readonly Asked[]): number {
  return rounded(
    percentile(
      asked.map(({ began, ended }) => ended - began),
      0.99,
    ),
    0,
  );
}

/** Between two answers. */
function longestGapMs(asked: readonly Asked[], { from, until }: Roll): number {
  const moments = [from, ...asked.map(({ ended }) => ended).sort((a, b) => a - b), until];
  return Math.max(...moments.slice(1).map((moment, index) => moment - (moments[index] ?? moment)));
}

function counted(names: readonly string[]): [string, number][] {
  return [...new Set(names)].map((name) => [name, names.filter((one) => one === name).length]);
}

/** Of how many jobs nobody was called, though time enough went by. */
async function missingCallbacks(jobs: readonly string[], receiver: CallbackReceiver): Promise<number> {
  const missing = () => jobs.filter((id) => !receiver.received.has(`job-${id}-1`)).length;
  for (const deadline = Date.now() + CALLBACKS_WITHIN_MS; missing() > 0 && Date.now() < deadline; ) {
    await sleep(200);
  }
  return missing();
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
