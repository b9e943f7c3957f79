import type { VectorIndex } from '@mien/vectors';
import { percentile, rounded } from '../statistics';
import { NEAREST, type Neighbours } from './exact-search';
import { entryOf, type Filter, faceIdOf, groupsOf, probeOf } from './population';

export interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface Recall {
  /** Share of the probes whose nearest face came first. */
  readonly at1: number;
  /** Share of the ten nearest faces that were among ten. */
  readonly at10: number;
}

/** Searches for each of the persons, one search at a time. Returns how long each took, in milliseconds. */
export async function searchTimes(
  index: VectorIndex,
  identities: readonly number[],
  filter: Filter,
): Promise<number[]> {
  const times: number[] = [];
  for (const [at, probe] of identities.map(probeOf).entries()) {
    const query = queryOf(filter, identities[at] ?? 0);
    const started = performance.now();
    await index.search(probe, query);
    times.push(performance.now() - started);
  }
  return times;
}

export function latencyOf(times: readonly number[]): Latency {
  return { p50Ms: rounded(percentile(times, 0.5), 2), p99Ms: rounded(percentile(times, 0.99), 2) };
}

/** What the index finds, against what is there. */
export async function recallOf(
  index: VectorIndex,
  identities: readonly number[],
  filter: Filter,
  nearest: readonly Neighbours[],
): Promise<Recall> {
  let [first, ten] = [0, 0];
  for (const [at, identity] of identities.entries()) {
    const found = await index.search(probeOf(identity), queryOf(filter, identity));
    const ids = found.map((match) => match.faceId);
    const right = (nearest[at]?.[filter] ?? []).map(({ face }) => faceIdOf(face));
    first += ids[0] === right[0] ? 1 : 0;
    ten += right.filter((id) => ids.includes(id)).length / right.length;
  }
  return { at1: rounded(first / identities.length, 4), at10: rounded(ten / identities.length, 4) };
}

/** How many faces a second the index takes, one after the other, while nobody searches. */
export async function enrolmentRate(
  index: VectorIndex,
  firstFace: number,
  vectors: readonly Float32Array[],
): Promise<number> {
  const started = performance.now();
  for (const [at, vector] of vectors.entries()) {
    await index.upsert([entryOf(firstFace + at, vector)]);
  }
  return rounded((vectors.length * 1_000) / (performance.now() - started), 0);
}

/** Enrols one face after the other, as fast as the index takes them, while the work goes on. */
export async function whileEnrolling<Result>(
  index: VectorIndex,
  firstFace: number,
  vectors: readonly Float32Array[],
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly perSecond: number }> {
  let going = true;
  let enrolled = 0;
  const started = performance.now();
  const enrolling = (async () => {
    while (going) {
      const vector = vectors[enrolled % vectors.length] ?? new Float32Array();
      await index.upsert([entryOf(firstFace + enrolled, vector)]);
      enrolled += 1;
    }
  })();
  try {
    const result = await work();
    return { result, perSecond: rounded((enrolled * 1_000) / (performance.now() - started), 0) };
  } finally {
    going = false;
    await enrolling;
  }
}

function queryOf(filter: Filter, identity: number) {
  const groupIds = groupsOf(filter, identity);
  return { count: NEAREST, ...(groupIds === undefined ? {} : { groupIds }) };
}
