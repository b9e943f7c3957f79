/** What a set of samples has in common: their mean, directions of variation and what is left over. */
export interface Components {
  readonly mean: Float64Array;
  /** Deviation of each channel; samples are divided by it. */
  readonly spread: Float64Array;
  /** Orthonormal, most varying first. */
  readonly basis: readonly Float64Array[];
  readonly variance: Float64Array;
  /** Deviation of what the basis leaves over, each number for itself (68th percentile of its size). */
  readonly noise: Float64Array;
  /** Share of each sample that is stranger than STRANGE. */
  readonly strange: Float64Array;
}

/** A sample, and how well each of its places was seen, 0..1. */
export interface Sample {
  readonly values: Float32Array;
  readonly seen: Float64Array;
}

const ITERATIONS = 12;
const LEAST_NOISE = 0.05;
const STRANGE = 2.2;

/** Weighted principal components by orthogonal iteration; `channels` numbers belong to each place. */
export function principalComponents(
  samples: readonly Sample[],
  channels: number,
  count: number,
  random: () => number,
): Components {
  const length = samples[0]?.values.length ?? 0;
  const seenOf = (sample: Sample, number: number): number => sample.seen[Math.floor(number / channels)] ?? 0;
  const mean = weightedMean(samples, length, seenOf, (sample, at) => sample.values[at] ?? 0);
  const squares = weightedMean(
    samples,
    length,
    seenOf,
    (sample, at) => ((sample.values[at] ?? 0) - (mean[at] ?? 0)) ** 2,
  );
  const spread = Float64Array.from({ length: channels }, (_, channel) => {
    const own = squares.filter((_value, at) => at % channels === channel);
    return Math.sqrt(own.reduce((sum, value) => sum + value, 0) / own.length);
  });
  const centred = samples.map((sample) =>
    mean.map(
      (value, at) => (seenOf(sample, at) * ((sample.values[at] ?? 0) - value)) / (spread[at % channels] ?? 1),
    ),
  );
  let basis = Array.from({ length: count }, () => Float64Array.from({ length }, () => random() - 0.5));
  let variance = new Float64Array(count);
  orthonormalise(basis);
  for (let turn = 0; turn < ITERATIONS; turn++) {
    const next = basis.map(() => new Float64Array(length));
    variance = new Float64Array(count);
    for (const sample of centred) {
      for (const [at, direction] of basis.entries()) {
        const share = dot(direction, sample);
        variance[at] = (variance[at] ?? 0) + (share * share) / centred.length;
        add(next[at] ?? sample, sample, share);
      }
    }
    basis = next;
    orthonormalise(basis);
  }
  const rests = centred.map((sample) => {
    const rest = sample.slice();
    for (const direction of basis) add(rest, direction, -dot(direction, sample));
    return rest;
  });
  const noise = Float64Array.from({ length }, (_, at) => noiseOf(rests, samples, at, seenOf));
  const strange = Float64Array.from(rests, (rest, index) =>
    strangeShare(rest, noise, samples[index], channels),
  );
  return { mean, spread, basis, variance, noise, strange };
}

function weightedMean(
  samples: readonly Sample[],
  length: number,
  weight: (sample: Sample, number: number) => number,
  value: (sample: Sample, number: number) => number,
): Float64Array {
  return Float64Array.from({ length }, (_, at) => {
    const all = samples.reduce((sum, sample) => sum + weight(sample, at), 0);
    return samples.reduce((sum, sample) => sum + weight(sample, at) * value(sample, at), 0) / (all || 1);
  });
}

function noiseOf(
  rests: readonly Float64Array[],
  samples: readonly Sample[],
  at: number,
  seenOf: (sample: Sample, number: number) => number,
): number {
  const sizes = rests
    .filter(
      (_, index) =>
        seenOf(samples[index] ?? { values: new Float32Array(), seen: new Float64Array() }, at) >= 0.5,
    )
    .map((rest) => Math.abs(rest[at] ?? 0))
    .sort((a, b) => a - b);
  return sizes.length < 50 ? 1 : Math.max(LEAST_NOISE, sizes[Math.floor(sizes.length * 0.683)] ?? 1);
}

function strangeShare(
  rest: Float64Array,
  noise: Float64Array,
  sample: Sample | undefined,
  channels: number,
): number {
  let strange = 0;
  let all = 0;
  for (const [place, weight] of (sample?.seen ?? new Float64Array()).entries()) {
    let squares = 0;
    for (let at = place * channels; at < (place + 1) * channels; at++) {
      squares += ((rest[at] ?? 0) / (noise[at] ?? 1)) ** 2;
    }
    all += weight;
    if (Math.sqrt(squares / channels) > STRANGE) strange += weight;
  }
  return all > 0 ? strange / all : 1;
}

function orthonormalise(basis: readonly Float64Array[]): void {
  for (const [at, direction] of basis.entries()) {
    for (const earlier of basis.slice(0, at)) add(direction, earlier, -dot(direction, earlier));
    const length = Math.sqrt(dot(direction, direction));
    for (let i = 0; i < direction.length; i++) direction[i] = (direction[i] ?? 0) / length;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
}

function add(to: Float64Array, what: Float64Array, times: number): void {
  for (let at = 0; at < to.length; at++) to[at] = (to[at] ?? 0) + times * (what[at] ?? 0);
}
