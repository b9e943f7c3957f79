import { EmbeddedIndexes, type VectorIndex } from '@mien/vectors';
import type { BenchmarkContext, Outcome } from '../harness';
import { median, rounded } from '../statistics';
import {
  enrolmentRate,
  type Latency,
  latencyOf,
  type Recall,
  recallOf,
  searchTimes,
  whileEnrolling,
} from './measurements';
import { entryOf, FILTERS, type Filter, identityOf, vectorOf } from './population';
import { PopulationThreads } from './population-threads';

export const ENGINE_GOAL = {
  p50Ms: 15,
  p99Ms: 50,
  recallAt1: 0.995,
  recallAt10: 0.99,
  p99MsOfLarge: 150,
  memoryMb: 8_192,
  p99RatioWhileEnrolling: 2,
} as const;

interface Scale {
  readonly faces: number;
  readonly largeFaces: number;
  readonly chunk: number;
  readonly probes: number;
}

const FULL: Scale = { faces: 1_000_000, largeFaces: 3_000_000, chunk: 200_000, probes: 300 };
const SMALL: Scale = { faces: 100_000, largeFaces: 200_000, chunk: 50_000, probes: 100 };
const LOADED_AT_ONCE = 1_000;
const SEARCH_ROUNDS = 3;
const LATE_FACES = 2_000;

/** The embedded engine by itself: its speed and recall at one size, its speed and memory at another. */
export async function measureEngine(context: BenchmarkContext): Promise<Outcome> {
  const scale = context.args.includes('--small') ? SMALL : FULL;
  const identities = Array.from({ length: scale.probes }, (_, index) =>
    identityOf(Math.floor((index * scale.faces) / scale.probes)),
  );
  const population = new PopulationThreads(identities, scale.chunk);
  const indexes = new EmbeddedIndexes();
  try {
    const index = await indexes.open('bench');
    const load = await grow(index, population, 0, scale.faces, true, context);
    const searches = await measureSearches(index, identities, population, context);
    const enrolling = await measureWhileEnrolling(index, identities, scale, context);
    const largeLoad = await grow(index, population, scale.faces, scale.largeFaces, false, context);
    const large = latencyOf(await searchTimes(index, identities, 'all'));
    const memoryMb = rounded((process.memoryUsage().rss - population.bytes) / 2 ** 20, 0);
    context.print(
      `${scale.largeFaces} faces: p50 ${large.p50Ms} ms, p99 ${large.p99Ms} ms, ${memoryMb} MB in all`,
    );
    return {
      pass:
        FILTERS.every((filter) => isGood(searches[filter])) &&
        enrolling.p99Ratio < ENGINE_GOAL.p99RatioWhileEnrolling &&
        large.p99Ms < ENGINE_GOAL.p99MsOfLarge &&
        memoryMb <= ENGINE_GOAL.memoryMb,
      figures: {
        faces: scale.faces,
        ...searches,
        loadSeconds: load,
        whileEnrolling: enrolling,
        large: { faces: scale.largeFaces, ...large, memoryMb, loadSeconds: rounded(load + largeLoad, 1) },
      },
    };
  } finally {
    await Promise.all([indexes.close(), population.close()]);
  }
}

/**
 * Adds faces up to a number, as the index is filled when it starts. Returns the seconds that it took, without those for
 * making the faces.
 */
async function grow(
  index: VectorIndex,
  population: PopulationThreads,
  from: number,
  to: number,
  search: boolean,
  { progress, print }: BenchmarkContext,
): Promise<number> {
  const chunk = population.size;
  let seconds = 0;
  for (let first = from; first < to; first += chunk) {
    await population.make(first, search);
    const started = performance.now();
    for (let at = 0; at < chunk; at += LOADED_AT_ONCE) {
      const faces = Array.from({ length: LOADED_AT_ONCE }, (_, offset) =>
        entryOf(first + at + offset, population.vector(at + offset)),
      );
      await index.upsert(faces);
    }
    seconds += (performance.now() - started) / 1_000;
    progress('faces', first + chunk, to);
  }
  print(
    `${to - from} faces loaded in ${seconds.toFixed(1)} s, ${Math.round((to - from) / seconds)} a second`,
  );
  return rounded(seconds, 1);
}

async function measureSearches(
  index: VectorIndex,
  identities: readonly number[],
  population: PopulationThreads,
  { print }: BenchmarkContext,
): Promise<Record<Filter, Latency & Recall>> {
  const { nearest } = population;
  const measured = async (filter: Filter) => {
    const recall = await recallOf(index, identities, filter, nearest);
    const latency = latencyOf(await searchTimes(index, identities, filter));
    print(
      `${filter}: p50 ${latency.p50Ms} ms, p99 ${latency.p99Ms} ms, recall@1 ${recall.at1}, recall@10 ${recall.at10}`,
    );
    return { ...latency, ...recall };
  };
  return {
    all: await measured('all'),
    onePercent: await measured('onePercent'),
    hundredGroups: await measured('hundredGroups'),
  };
}

/** Rounds without and with enrolments in turn, so that a change of the machine's speed meets both. */
async function measureWhileEnrolling(
  index: VectorIndex,
  identities: readonly number[],
  { largeFaces }: Scale,
  { print }: BenchmarkContext,
) {
  // Faces of persons that nobody else is; they stay.
  const vectors = Array.from({ length: LATE_FACES }, (_, at) => vectorOf(largeFaces + at));
  const alone = await enrolmentRate(index, largeFaces, vectors);
  const times = { idle: [] as number[], busy: [] as number[] };
  const rates: number[] = [];
  for (let round = 0; round < SEARCH_ROUNDS; round++) {
    times.idle.push(...(await searchTimes(index, identities, 'all')));
    const { result, perSecond } = await whileEnrolling(index, largeFaces, vectors, () =>
      searchTimes(index, identities, 'all'),
    );
    times.busy.push(...result);
    rates.push(perSecond);
  }
  const [idle, busy] = [latencyOf(times.idle), latencyOf(times.busy)];
  const perSecond = median(rates);
  print(`${alone} faces a second are enrolled one after the other while nobody searches`);
  print(
    `idle: p50 ${idle.p50Ms} ms, p99 ${idle.p99Ms} ms; while ${perSecond} faces a second are enrolled: ` +
      `p50 ${busy.p50Ms} ms, p99 ${busy.p99Ms} ms`,
  );
  return {
    ...busy,
    idleP99Ms: idle.p99Ms,
    p99Ratio: rounded(busy.p99Ms / idle.p99Ms, 2),
    enrolmentsPerSecond: perSecond,
    enrolmentsPerSecondAlone: alone,
  };
}

function isGood({ p50Ms, p99Ms, at1, at10 }: Latency & Recall): boolean {
  return (
    p50Ms <= ENGINE_GOAL.p50Ms &&
    p99Ms <= ENGINE_GOAL.p99Ms &&
    at1 >= ENGINE_GOAL.recallAt1 &&
    at10 >= ENGINE_GOAL.recallAt10
  );
}
