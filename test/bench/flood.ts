import { MienClient, Priority } from '@mien/sdk';
import { singleFaces } from '../photos/single-faces';
import { BatchFlood } from './flood/batch-flood';
import type { Benchmark, BenchmarkContext, Outcome } from './harness';
import { mienUp } from './platform/mien-up';
import { percentile, rounded } from './statistics';

const PHOTOS = 20_000;
const SAMPLES = 300;
const WARM_UP = 30;
const MOST_TIMES_IDLE = 2;
/** Between two requests, at most: they then fall on all phases of what else is under way. */
const LONGEST_PAUSE_MS = 200;
const FEATURES = { landmarks: true, attributes: true };

export const benchmark: Benchmark = {
  name: 'flood',
  goal:
    `p99 of interactive detections at most ${MOST_TIMES_IDLE} times its idle value while ${PHOTOS} photos of jobs ` +
    'wait their turn (--photos=N, --samples=N)',
  async run(context) {
    const mien = await mienUp();
    // A caller each: connections are not shared.
    const interactive = new MienClient(mien.grpcAddress, { timeoutMs: 60_000, retries: 0 });
    const batch = new MienClient(mien.grpcAddress, { timeoutMs: 60_000 });
    try {
      return await measure(interactive, batch, context);
    } finally {
      interactive.close();
      batch.close();
      await mien.stop();
    }
  },
};

async function measure(
  interactive: MienClient,
  batch: MienClient,
  context: BenchmarkContext,
): Promise<Outcome> {
  const photos = numberIn(context.args, 'photos', PHOTOS);
  const samples = numberIn(context.args, 'samples', SAMPLES);
  const pictures = await singleFaces(interactive);
  await durations(interactive, pictures, WARM_UP);
  const idle = told('idle', await durations(interactive, pictures, samples), context);
  const flood = await BatchFlood.begin(batch, pictures, photos, { detect: { features: FEATURES } });
  const before = await flood.answered();
  const started = performance.now();
  const loaded = told('flooded', await durations(interactive, pictures, samples), context);
  const seconds = (performance.now() - started) / 1_000;
  const after = await flood.answered();
  const unasked = await flood.cancel();
  const perSecond = rounded((after - before) / seconds, 1);
  const ratio = rounded(loaded.p99 / idle.p99, 2);
  const lasted = after < photos;
  context.print(
    `${photos} photos of jobs: ${perSecond} answered a second meanwhile, ${after} when the last request was answered` +
      `${lasted ? '' : ' (too few to last)'}; p99 is ${ratio} times its idle value; ${unasked} jobs cancelled`,
  );
  return {
    pass: lasted && after > before && ratio <= MOST_TIMES_IDLE,
    figures: {
      photos,
      samples,
      idleP50Ms: idle.p50,
      idleP99Ms: idle.p99,
      floodedP50Ms: loaded.p50,
      floodedP99Ms: loaded.p99,
      ratio,
      batchPhotosPerSecond: perSecond,
      batchAnswered: after,
      lasted,
    },
  };
}

/** Milliseconds of each of so many detections, one at a time. */
async function durations(client: MienClient, pictures: readonly Buffer[], count: number): Promise<number[]> {
  const measured: number[] = [];
  while (measured.length < count) {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * LONGEST_PAUSE_MS));
    const picture = pictures[measured.length % pictures.length] ?? Buffer.alloc(0);
    const started = performance.now();
    await client.detect(picture, { features: FEATURES, priority: Priority.PRIORITY_INTERACTIVE });
    measured.push(performance.now() - started);
  }
  return measured;
}

function told(label: string, measured: readonly number[], { print }: BenchmarkContext) {
  const [p50, p99, most] = [0.5, 0.99, 1].map((share) => rounded(percentile(measured, share), 1));
  print(`${label}: p50 ${p50} ms, p99 ${p99} ms, longest ${most} ms (${measured.length} requests)`);
  return { p50: p50 ?? Number.NaN, p99: p99 ?? Number.NaN };
}

function numberIn(args: readonly string[], name: string, usual: number): number {
  const given = args.find((arg) => arg.startsWith(`--${name}=`));
  return given === undefined ? usual : Number(given.slice(name.length + 3));
}
