import { readFileSync } from 'node:fs';
import { type ProcessPlatform, startProcessEach } from '@mien/platform';
import { MienClient } from '@mien/sdk';
import { testSettings } from '../e2e/test-platform';
import { packagedPhotos } from '../photos/packaged';
import { singleFaces } from '../photos/single-faces';
import { measureBus } from './capacity/bus-rate';
import { canvases, type PhotoKind } from './capacity/canvases';
import { cpuMsIn, Line, type LineRun, PARTS, together } from './capacity/line-run';
import {
  type Calibration,
  type Compared,
  type Costs,
  compareLatency,
  compareThroughput,
  costsFrom,
  cpuMsOf,
  medianRatio,
  ratioOf,
} from './capacity/prediction';
import { beforeOthers, bindTo, ProcessorClock } from './capacity/processor-clock';
import type { Benchmark, BenchmarkContext, Outcome } from './harness';
import { median, rounded } from './statistics';

const GOAL = 0.2;
const ROUNDS = 3;
/** Costs are learnt from these and foretold for another kind. */
const CALIBRATION: readonly PhotoKind[] = [
  { width: 640, height: 480, faces: 0 },
  { width: 640, height: 480, faces: 4 },
  { width: 1280, height: 960, faces: 1 },
];
const FORETOLD: PhotoKind = { width: 960, height: 720, faces: 2 };
/** Real ones, told beside the others: six photos with 22 faces. */
const PACKAGED: PhotoKind = { width: 1920, height: 1397, faces: 22 / 6 };
const PHOTOS = { warming: 8, inTurn: 10, packagedInTurn: 6, single: 12, arriving: 80 } as const;
const TURNS = 3;
/** Of what the cores can do. */
const UTILISATION = 0.5;
const CORES = [[0], [0, 1]] as const;

export const benchmark: Benchmark = {
  name: 'capacity',
  goal:
    `the capacity model's throughput and latency within ${GOAL * 100} % of what the line does on one core and on two ` +
    '(--rounds=N); what one queue of NATS carries (--part=line or --part=bus alone)',
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

interface Measured {
  readonly throughput: Compared[];
  readonly latency: Compared[];
  readonly calibrations: Calibration[];
  readonly foretold: Calibration[];
}

async function measure(
  platform: ProcessPlatform,
  client: MienClient,
  context: BenchmarkContext,
): Promise<Outcome> {
  const rounds = Number(context.args.find((arg) => arg.startsWith('--rounds='))?.split('=')[1] ?? ROUNDS);
  const faces = await singleFaces(client);
  const byCores = CORES.map((cores) => ({ cores, measured: noneYet() }));
  for (let round = 0; round < rounds; round += 1) {
    for (const { cores, measured } of byCores) {
      bindTo(cores);
      const line = new Line(platform, client, new ProcessorClock(cores));
      await measureRound(line, faces, cores.length, round, measured, context);
    }
    context.progress('rounds', round + 1, rounds);
  }
  for (const { cores, measured } of byCores) {
    printCosts(cores.length, costsFrom(measured.calibrations), context);
    printRuns([...measured.calibrations, ...measured.foretold], context);
  }
  return outcomeOf(byCores);
}

function noneYet(): Measured {
  return { throughput: [], latency: [], calibrations: [], foretold: [] };
}

/** Learning and foretelling in turns: a change of the machine's speed meets both. */
async function measureRound(
  line: Line,
  faces: readonly Buffer[],
  cores: number,
  round: number,
  measured: Measured,
  { print }: BenchmarkContext,
): Promise<void> {
  const byKind = await saturatedInTurns(line, faces);
  const of = (kind: PhotoKind) => ({ kind, run: together(byKind.get(kind) ?? []) });
  const calibrations = CALIBRATION.map(of);
  const costs = costsFrom(calibrations);
  const saturated = of(FORETOLD);
  const throughput = compareThroughput(costs, FORETOLD, saturated.run);
  const { idle, arriving } = await timesOf(line, faces, cores, round);
  const latency = compareLatency(cores, idle, arriving);
  print(
    `${cores} core${cores === 1 ? '' : 's'}, ${cpuMsOf(costs, FORETOLD).toFixed(0)} ms of processor a photo: ` +
      `${told(throughput)} photos/s with ${saturated.run.coresLeft.toFixed(2)} cores left by others; ` +
      `${told(latency)} ms at ${arriving.photosPerSecond.toFixed(2)} a second, alone ${idle.meanMs.toFixed(0)} ms`,
  );
  measured.calibrations.push(...calibrations);
  measured.foretold.push(saturated, of(PACKAGED));
  measured.throughput.push(throughput);
  measured.latency.push(latency);
}

/** A few of each kind, again and again. */
async function saturatedInTurns(line: Line, faces: readonly Buffer[]): Promise<Map<PhotoKind, LineRun[]>> {
  const runs = new Map<PhotoKind, LineRun[]>();
  await line.saturated(await canvases(FORETOLD, faces, PHOTOS.warming));
  for (let turn = 0; turn < TURNS; turn += 1) {
    for (const kind of [...CALIBRATION, FORETOLD, PACKAGED]) {
      const photos =
        kind === PACKAGED ? packagedOnes(PHOTOS.packagedInTurn) : await canvases(kind, faces, PHOTOS.inTurn);
      runs.set(kind, [...(runs.get(kind) ?? []), await line.saturated(photos)]);
    }
  }
  return runs;
}

/** Of single photos, before and after, and of those that come as they like. */
async function timesOf(line: Line, faces: readonly Buffer[], cores: number, round: number) {
  const singles = await canvases(FORETOLD, faces, PHOTOS.single);
  const many = await canvases(FORETOLD, faces, PHOTOS.arriving);
  return beforeOthers(async () => {
    const before = await line.oneByOne(singles);
    const perSecond = (UTILISATION * cores * 1000) / cpuMsIn(before);
    const arriving = await line.arriving(many, perSecond, randomFrom(round + 1));
    return { idle: together([before, await line.oneByOne(singles)]), arriving };
  });
}

function packagedOnes(count: number): Buffer[] {
  const photos = packagedPhotos().map(({ path }) => readFileSync(path));
  return Array.from({ length: count }, (_, index) => photos[index % photos.length] ?? Buffer.alloc(0));
}

function told(compared: Compared): string {
  const { predicted, measured } = compared;
  return `${predicted.toPrecision(3)} foretold, ${measured.toPrecision(3)} measured (${ratioOf(compared).toFixed(2)})`;
}

function printCosts(cores: number, costs: Costs, { print }: BenchmarkContext): void {
  print(`processor ms on ${cores} core${cores === 1 ? '' : 's'}: a photo + each face + each megapixel`);
  for (const [part, { perPhotoMs, perFaceMs, perMegapixelMs }] of costs) {
    print(`  ${part}: ${perPhotoMs.toFixed(1)} + ${perFaceMs.toFixed(1)} + ${perMegapixelMs.toFixed(1)}`);
  }
}

/** As the measurements of packages/capacity state them: a line for each kind of photo, medians of all rounds. */
function printRuns(runs: readonly Calibration[], { print }: BenchmarkContext): void {
  for (const kind of [...CALIBRATION, FORETOLD, PACKAGED]) {
    const ofKind = runs.filter((one) => one.kind === kind);
    const cpuMs = PARTS.map((part) => {
      const times = ofKind.map(({ run }) => run.cpuMsPerPhoto.get(part) ?? Number.NaN);
      return [part, rounded(median(times), 1)] as const;
    });
    const { width, height, faces } = kind;
    print(`  ${width}x${height}, ${rounded(faces, 2)} faces: ${JSON.stringify(Object.fromEntries(cpuMs))}`);
  }
}

function outcomeOf(byCores: readonly { cores: readonly number[]; measured: Measured }[]): Outcome {
  const ratios = byCores.flatMap(({ cores, measured }) => [
    [`throughputRatio${cores.length}`, medianRatio(measured.throughput)] as const,
    [`latencyRatio${cores.length}`, medianRatio(measured.latency)] as const,
  ]);
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
