import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { MienClient } from '@mien/sdk';
import { letHeapGrow } from '@mien/service';
import sharp from 'sharp';
import { packagedPhotos } from '../photos/packaged';
import { defaultModelPack } from '../photos/repository';
import { concurrently } from './concurrently';
import type { Benchmark, BenchmarkContext } from './harness';
import { BareLoop } from './line/bare-loop';
import { peakMemoryMb } from './platform/memory';
import { mienUp } from './platform/mien-up';
import { median, rounded } from './statistics';

const ROUNDS = 3;
/** Photos per round and way: each of the six so many times. */
const REPEATS = 3;
const LATENCY_SAMPLES = 96;
/** Small photos through line and bare loop before anything is timed. */
const WARM_UP = 600;
const STAGES = 3;

const GOAL = { throughputRatio: 0.8, addedMsPerStage: 3, memoryMb: 1_536 } as const;
const FEATURES = { landmarks: true, template: true } as const;

type Way = (photo: Buffer) => Promise<number>;

/** The ways to put a photo through: the line, and two forms of the bare loop, of which the quicker counts. */
interface Ways {
  readonly line: Way;
  readonly overlapped: Way;
  readonly threaded: Way;
  /** The first stage alone, through the line and bare. */
  readonly lineDetector: Way;
  readonly bareDetector: Way;
}

export const benchmark: Benchmark = {
  name: 'line',
  goal:
    `detection, landmarks and templates through gateway, NATS and stages at ${GOAL.throughputRatio} of a bare loop's ` +
    `throughput or better, at most ${GOAL.addedMsPerStage} ms added per stage, at most ${GOAL.memoryMb} MB`,
  async run(context) {
    // The bare loop gets the heap that the platform has: what is compared is the line, not the collector.
    letHeapGrow();
    const manifest = defaultModelPack();
    const single = await BareLoop.open(manifest, 1);
    const threaded = await BareLoop.open(manifest, 2);
    const platform = await mienUp({ MIEN_MODEL_PACK: manifest });
    const client = new MienClient(platform.grpcAddress, { timeoutMs: 120_000 });
    try {
      const ways: Ways = {
        line: async (photo) => (await client.detect(photo, { features: FEATURES })).faces.length,
        overlapped: (photo) => single.run(photo),
        threaded: (photo) => threaded.run(photo),
        lineDetector: async (photo) => (await client.detect(photo)).faces.length,
        bareDetector: (photo) => single.detect(photo),
      };
      return await measure(ways, () => peakMemoryMb(platform.pid), context);
    } finally {
      client.close();
      await platform.stop();
      await Promise.all([single.close(), threaded.close()]);
    }
  },
};

async function measure(ways: Ways, memoryMb: () => number, context: BenchmarkContext) {
  const photos = await photosOf(context.args);
  await warmUp(ways, photos, context);
  const throughput = await compareThroughput(ways, photos, context);
  const added = await addedLatency(ways, photos, context);
  const memory = memoryMb();
  context.print(`memory of the platform, nats-server included, at its peak: ${memory.toFixed(0)} MB`);
  const pass =
    throughput.ratio >= GOAL.throughputRatio &&
    added.perStageMs <= GOAL.addedMsPerStage &&
    memory <= GOAL.memoryMb;
  return {
    pass,
    figures: {
      photosPerSecondLine: rounded(throughput.line, 2),
      photosPerSecondBare: rounded(throughput.bare, 2),
      throughputRatio: rounded(throughput.ratio, 3),
      lineP50Ms: rounded(added.lineMs, 1),
      bareP50Ms: rounded(added.bareMs, 1),
      addedMs: rounded(added.addedMs, 1),
      addedMsPerStage: rounded(added.perStageMs, 2),
      addedMsDetectorAlone: rounded(added.addedOneMs, 1),
      addedMsOfAStageAlone: rounded(added.ofAStageMs, 2),
      load: rounded(loadavg()[0] ?? Number.NaN, 2),
      memoryMb: rounded(memory, 0),
    },
  };
}

/** The packaged group photos (1920 px wide), or copies of 640 px with --small. */
async function photosOf(args: readonly string[]): Promise<Buffer[]> {
  const originals = packagedPhotos().map(({ path }) => readFileSync(path));
  if (!args.includes('--small')) {
    return originals;
  }
  return Promise.all(
    originals.map((photo) => sharp(photo).resize({ width: 640 }).jpeg({ quality: 92 }).toBuffer()),
  );
}

/**
 * Checks that all ways find the same faces, then works until the engine has compiled all of them: a platform at work
 * is compared with a loop at work. The code around the models runs a few times a photo, and counts in milliseconds
 * while it is still interpreted.
 */
async function warmUp(ways: Ways, photos: readonly Buffer[], { progress }: BenchmarkContext): Promise<void> {
  for (const photo of photos) {
    const counts = [await ways.line(photo), await ways.overlapped(photo), await ways.threaded(photo)];
    if (new Set(counts).size !== 1) {
      throw new Error(`the ways do not agree on the number of faces: ${counts.join(', ')}`);
    }
  }
  const little = await Promise.all(photos.map((photo) => sharp(photo).resize({ width: 320 }).toBuffer()));
  for (let turn = 0; turn < WARM_UP; turn++) {
    const photo = little[turn % little.length] ?? Buffer.alloc(0);
    await ways.line(photo);
    await ways.overlapped(photo);
    progress('warm-up', turn + 1, WARM_UP);
  }
}

/** Rounds of line and bare loop in turn, so that a change of the machine's speed meets both. */
async function compareThroughput(
  ways: Ways,
  photos: readonly Buffer[],
  { print, progress }: BenchmarkContext,
) {
  const batch = Array.from({ length: REPEATS }, () => photos).flat();
  const rounds: { line: number; bare: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const line = await photosPerSecond(batch, 6, ways.line);
    const overlapped = await photosPerSecond(batch, 2, ways.overlapped);
    const threaded = await photosPerSecond(batch, 1, ways.threaded);
    rounds.push({ line, bare: Math.max(overlapped, threaded) });
    progress('rounds', round + 1, ROUNDS);
    print(
      `round ${round + 1}: line ${line.toFixed(2)}, bare loop ${overlapped.toFixed(2)} (two photos at once) ` +
        `or ${threaded.toFixed(2)} (two threads) photos/s`,
    );
  }
  return {
    line: median(rounds.map((round) => round.line)),
    bare: median(rounds.map((round) => round.bare)),
    ratio: median(rounds.map((round) => round.line / round.bare)),
  };
}

async function photosPerSecond(photos: readonly Buffer[], atOnce: number, way: Way): Promise<number> {
  const started = performance.now();
  await concurrently(photos, atOnce, way);
  return (photos.length * 1000) / (performance.now() - started);
}

/**
 * One photo at a time on an idle platform, line and bare loop in turn, each with one thread: what a photo takes longer
 * on the line, at its median. What counts is the whole lag, front door included (gRPC there and back, storing the photo, the
 * record of the audit trail), divided by the stages. Beside it stands what the two stages after the detector add to the lag
 * of the detector alone, halved: a stage without the front door.
 */
async function addedLatency(ways: Ways, photos: readonly Buffer[], { print, progress }: BenchmarkContext) {
  const whole: Pair[] = [];
  const detector: Pair[] = [];
  for (let sample = 0; sample < LATENCY_SAMPLES; sample++) {
    const photo = photos[sample % photos.length] ?? Buffer.alloc(0);
    whole.push(await timed(ways.line, ways.overlapped, photo));
    detector.push(await timed(ways.lineDetector, ways.bareDetector, photo));
    progress('latency', sample + 1, LATENCY_SAMPLES);
  }
  const addedMs = median(whole.map(({ line, bare }) => line - bare));
  const addedOneMs = median(detector.map(({ line, bare }) => line - bare));
  const lineMs = median(whole.map(({ line }) => line));
  const bareMs = median(whole.map(({ bare }) => bare));
  print(
    `one photo at a time (p50): line ${lineMs.toFixed(1)} ms, bare loop ${bareMs.toFixed(1)} ms; added by the line ` +
      `${addedMs.toFixed(1)} ms, by front door and detector alone ${addedOneMs.toFixed(1)} ms`,
  );
  return {
    lineMs,
    bareMs,
    addedMs,
    addedOneMs,
    perStageMs: addedMs / STAGES,
    ofAStageMs: (addedMs - addedOneMs) / (STAGES - 1),
  };
}

/** The same photo both ways, one after the other, so that a change of the machine's speed meets both. */
interface Pair {
  readonly line: number;
  readonly bare: number;
}

async function timed(line: Way, bare: Way, photo: Buffer): Promise<Pair> {
  return { line: await milliseconds(line, photo), bare: await milliseconds(bare, photo) };
}

async function milliseconds(way: Way, photo: Buffer): Promise<number> {
  const started = performance.now();
  await way(photo);
  return performance.now() - started;
}
