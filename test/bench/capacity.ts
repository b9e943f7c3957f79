import { type ProcessPlatform, startProcessEach } from '@mien/platform';
import { MienClient } from '@mien/sdk';
import { testSettings } from '../e2e/test-platform';
import { measureBus } from './capacity/bus-rate';
import { cpuMsIn, Line, type LineRun, together } from './capacity/line-run';
import { type PhotoKind, type PhotoKinds, photoKinds, some } from './capacity/photo-kinds';
import {
  type Compared,
  compareLatency,
  compareThroughput,
  costsFrom,
  cpuMsOf,
  medianRatio,
  ratioOf,
} from './capacity/prediction';
import { beforeOthers, bindTo, ProcessorClock } from './capacity/processor-clock';
import type { Benchmark, BenchmarkContext, Outcome } from './harness';
import { rounded } from './statistics';

const GOAL = 0.2;
const ROUNDS = 1;
/** Photos of a kind before it is measured for the first time. */
const WARMING = 3;
/** Photos that come as they like, of each foretold kind. */
const ARRIVING = 14;
/** Of what the cores can do. */
const UTILISATION = 0.5;
const CORES = [[0], [0, 1]] as const;

export const benchmark: Benchmark = {
  name: 'capacity',
  goal:
    `the capacity model's throughput and latency within ${GOAL * 100} % of what the line does with canvases and with ` +
    'photos of 640 and 1920 px, on one core and on two (--rounds=N); what one queue of NATS carries (--part=line or --part=bus alone)',
  async run(context) {
    const part = context.args.find((arg) => arg.startsWith('--part='))?.split('=')[1];
    const bus = part === 'line' ? {} : await measureBus(context);
    const line = part === 'bus' ? { pass: true, figures: {} } : await measurePlatform(context);
    return { pass: line.pass, figures: { ...line.figures, ...bus } };
  },
};

async function measurePlatform(context: BenchmarkContext): Promise<Outcome> {
  const settings = await testSettings('capacity');
  const started = performance.now();
  const platform = await startProcessEach(settings.env, () => undefined);
  context.print(`all services ready after ${((performance.now() - started) / 1000).toFixed(1)} s`);
  const client = new MienClient(platform.grpcAddress, { timeoutMs: 120_000 });
  try {
    return await measure(platform, client, context);
  } finally {
    client.close();
    await platform.stop();
    await settings.remove();
  }
}

/** What came of the rounds on so many cores. */
interface Measured {
  readonly cores: readonly number[];
  readonly runs: Map<PhotoKind, LineRun[]>;
  readonly throughput: Map<PhotoKind, Compared[]>;
  readonly latency: Map<PhotoKind, Compared[]>;
}

async function measure(
  platform: ProcessPlatform,
  client: MienClient,
  context: BenchmarkContext,
): Promise<Outcome> {
  const rounds = Number(context.args.find((arg) => arg.startsWith('--rounds='))?.split('=')[1] ?? ROUNDS);
  const kinds = await photoKinds(client);
  const byCores = CORES.map(
    (cores): Measured => ({ cores, runs: new Map(), throughput: new Map(), latency: new Map() }),
  );
  for (let round = 0; round < rounds; round += 1) {
    for (const measured of byCores) {
      bindTo(measured.cores);
      const line = new Line(platform, client, new ProcessorClock(measured.cores));
      await measureRound(line, kinds, round, measured, context);
    }
    context.progress('rounds', round + 1, rounds);
  }
  for (const measured of byCores) {
    printLearnt(kinds, measured, context);
  }
  return outcomeOf(kinds, byCores);
}

/** Learning before and after what is foretold: a change of the machine's speed meets both. */
async function measureRound(
  line: Line,
  { learnt, foretold }: PhotoKinds,
  round: number,
  measured: Measured,
  { print }: BenchmarkContext,
): Promise<void> {
  const runs = new Map<PhotoKind, LineRun[]>();
  for (const kind of [...learnt, ...foretold]) {
    await line.saturated(some(kind, WARMING));
    add(runs, kind, await line.saturated(some(kind, kind.inTurn)));
  }
  for (const kind of learnt) {
    add(runs, kind, await line.saturated(some(kind, kind.inTurn)));
  }
  const of = (kind: PhotoKind) => together(runs.get(kind) ?? []);
  for (const kind of runs.keys()) {
    add(measured.runs, kind, of(kind));
  }
  const costs = costsFrom(learnt.map(of));
  const cores = measured.cores.length;
  for (const kind of foretold) {
    const run = of(kind);
    const throughput = compareThroughput(costs, run);
    const { idle, arriving } = await timesOf(line, kind, cores, round);
    const latency = compareLatency(cores, idle, arriving);
    add(measured.throughput, kind, throughput);
    add(measured.latency, kind, latency);
    print(
      `${cores} core${cores === 1 ? '' : 's'}, ${kind.what}: ${cpuMsOf(costs, run.mix).toFixed(0)} ms of processor foretold, ` +
        `${cpuMsIn(run).toFixed(0)} measured; ${told(throughput)} photos/s with ${run.coresLeft.toFixed(2)} cores left by others; ` +
        `${told(latency)} ms at ${arriving.photosPerSecond.toFixed(2)} a second, alone ${idle.meanMs.toFixed(0)} ms`,
    );
  }
}

/** Of photos that come as they like, and of the same photos alone, before and after. */
async function timesOf(line: Line, kind: PhotoKind, cores: number, round: number) {
  const single = Math.min(ARRIVING, kind.photos.length);
  return beforeOthers(async () => {
    const before = await line.oneByOne(some(kind, single));
    const perSecond = (UTILISATION * cores * 1000) / cpuMsIn(before);
    const arriving = await line.arriving(some(kind, ARRIVING), perSecond, randomFrom(round + 1));
    return { idle: together([before, await line.oneByOne(some(kind, single))]), arriving };
  });
}

function add<Value>(values: Map<PhotoKind, Value[]>, kind: PhotoKind, value: Value): void {
  values.set(kind, [...(values.get(kind) ?? []), value]);
}

function told(compared: Compared): string {
  const { predicted, measured } = compared;
  return `${predicted.toPrecision(3)} foretold, ${measured.toPrecision(3)} measured (${ratioOf(compared).toFixed(2)})`;
}

/** What was learnt, and all runs as the measurements of packages/capacity state them. */
function printLearnt(
  { learnt, foretold }: PhotoKinds,
  { cores, runs }: Measured,
  { print }: BenchmarkContext,
): void {
  const of = (kind: PhotoKind) => together(runs.get(kind) ?? []);
  print(
    `processor ms on ${cores.length} core(s): a photo + each face + each large one + megapixels to the 1.1`,
  );
  for (const [part, cost] of costsFrom(learnt.map(of))) {
    const { perPhotoMs, perFaceMs, perLargeFaceMs, perMegapixelMs } = cost;
    const parts = [perPhotoMs, perFaceMs, perLargeFaceMs, perMegapixelMs];
    print(`  ${part}: ${parts.map((ms) => ms.toFixed(1)).join(' + ')}`);
  }
  for (const kind of [...learnt, ...foretold]) {
    const { mix, cpuMsPerPhoto } = of(kind);
    const cpuMs = roundedAll(Object.fromEntries(cpuMsPerPhoto), 1);
    print(`  ${JSON.stringify({ what: kind.what, ...roundedAll({ ...mix }, 3), cpuMs })}`);
  }
}

function roundedAll(values: Readonly<Record<string, number>>, digits: number): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, rounded(value, digits)]));
}

/** Passes when each kind's median, for photos a second and for times, on one core and on two, is within the goal. */
function outcomeOf({ foretold }: PhotoKinds, byCores: readonly Measured[]): Outcome {
  const ratios = byCores.flatMap(({ cores, throughput, latency }) =>
    foretold.flatMap((kind) => [
      [`throughput${cores.length}_${kind.name}`, medianRatio(throughput.get(kind) ?? [])] as const,
      [`latency${cores.length}_${kind.name}`, medianRatio(latency.get(kind) ?? [])] as const,
    ]),
  );
  return {
    pass: ratios.every(([, ratio]) => Math.abs(ratio - 1) <= GOAL),
    figures: Object.fromEntries(ratios.map(([name, ratio]) => [name, rounded(ratio, 3)])),
  };
}

/** Numbers that are the same in every run: Lehmer's generator with the constants of Park and Miller. */
function randomFrom(seed: number): () => number {
  let state = seed * 7_919;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
