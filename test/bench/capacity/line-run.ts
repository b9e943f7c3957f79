import { STAGE_NAMES } from '@mien/bus';
import type { PhotoMix } from '@mien/capacity';
import type { ProcessPlatform } from '@mien/platform';
import type { MienClient } from '@mien/sdk';
import { ALL_FEATURES } from '../../photos/all-features';
import { concurrently } from '../concurrently';
import type { ProcessorClock, ProcessorUse } from './processor-clock';

const AT_ONCE = 6;
/** Shorter side of a box in pixels from which the default pack judges whether a face is alive. */
const LARGE_FACE = 64;

type Answer = Awaited<ReturnType<MienClient['detect']>>;

/** The parts that a photo's cost is told for: processes, and what else runs on the same cores. */
export const PARTS = [
  'gateway',
  ...STAGE_NAMES.filter((stage) => stage !== 'library'),
  'NATS, caller and the rest',
] as const;
export type Part = (typeof PARTS)[number];

/** Photos that went through, and what that took. */
export interface LineRun {
  readonly photos: number;
  readonly seconds: number;
  readonly photosPerSecond: number;
  readonly meanMs: number;
  readonly latenciesMs: readonly number[];
  /** When each photo was sent, in seconds of this process' clock. */
  readonly sentSeconds: readonly number[];
  readonly coresLeft: number;
  /** Share of the cores that others took. */
  readonly others: number;
  readonly cpuMsPerPhoto: ReadonlyMap<Part, number>;
  /** As the answers have it: what a plan is asked with. */
  readonly mix: PhotoMix;
}

/** Runs with photos of one kind, as if they were one. */
export function together(runs: readonly LineRun[]): LineRun {
  const photos = runs.reduce((sum, run) => sum + run.photos, 0);
  const seconds = runs.reduce((sum, run) => sum + run.seconds, 0);
  const byPhotos = (value: (run: LineRun) => number) =>
    runs.reduce((sum, run) => sum + value(run) * run.photos, 0) / photos;
  const bySeconds = (value: (run: LineRun) => number) =>
    runs.reduce((sum, run) => sum + value(run) * run.seconds, 0) / seconds;
  return {
    photos,
    seconds,
    photosPerSecond: photos / seconds,
    meanMs: byPhotos(({ meanMs }) => meanMs),
    latenciesMs: runs.flatMap(({ latenciesMs }) => latenciesMs),
    sentSeconds: runs.flatMap(({ sentSeconds }) => sentSeconds),
    coresLeft: bySeconds(({ coresLeft }) => coresLeft),
    others: bySeconds(({ others }) => others),
    cpuMsPerPhoto: new Map(
      PARTS.map((part) => [part, byPhotos(({ cpuMsPerPhoto }) => cpuMsPerPhoto.get(part) ?? 0)]),
    ),
    mix: meanMix((value) => byPhotos(({ mix }) => value(mix))),
  };
}

/** Processor milliseconds of all parts for a photo. */
export function cpuMsIn({ cpuMsPerPhoto }: LineRun): number {
  return [...cpuMsPerPhoto.values()].reduce((sum, ms) => sum + ms, 0);
}

/** Puts photos through a running platform: as many as go, one after the other, or as they happen to come. */
export class Line {
  constructor(
    private readonly platform: ProcessPlatform,
    private readonly client: MienClient,
    private readonly clock: ProcessorClock,
  ) {}

  /** Always a few under way: what the line can do. */
  saturated(photos: readonly Buffer[]): Promise<LineRun> {
    return this.measured(photos, (detect) => concurrently(photos, AT_ONCE, detect));
  }

  oneByOne(photos: readonly Buffer[]): Promise<LineRun> {
    return this.measured(photos, (detect) => concurrently(photos, 1, detect));
  }

  /** Photos that do not know of each other, so many a second (a Poisson process), however long they take. */
  arriving(photos: readonly Buffer[], perSecond: number, random: () => number): Promise<LineRun> {
    return this.measured(photos, async (detect) => {
      const times: Promise<number>[] = [];
      let next = performance.now();
      for (const photo of photos) {
        next += (-Math.log(1 - random()) / perSecond) * 1000;
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - performance.now())));
        times.push(detect(photo));
      }
      return Promise.all(times);
    });
  }

  private async measured(
    photos: readonly Buffer[],
    put: (detect: (photo: Buffer) => Promise<number>) => Promise<number[]>,
  ): Promise<LineRun> {
    const from = this.clock.now();
    const sentSeconds: number[] = [];
    const mixes: PhotoMix[] = [];
    const latenciesMs = await put(async (photo) => {
      const started = performance.now();
      sentSeconds.push(started / 1000);
      mixes.push(mixOf(await this.client.detect(photo, { features: ALL_FEATURES })));
      return performance.now() - started;
    });
    const use = this.clock.since(from);
    return {
      photos: photos.length,
      seconds: use.seconds,
      photosPerSecond: photos.length / use.seconds,
      meanMs: latenciesMs.reduce((sum, time) => sum + time, 0) / latenciesMs.length,
      latenciesMs,
      sentSeconds,
      coresLeft: use.coresLeft,
      others: use.others,
      cpuMsPerPhoto: this.shares(use, photos.length),
      mix: meanMix((value) => mixes.reduce((sum, mix) => sum + value(mix), 0) / mixes.length),
    };
  }

  private shares(use: ProcessorUse, photos: number): Map<Part, number> {
    const shares = new Map<Part, number>();
    let told = 0;
    for (const part of PARTS) {
      const seconds =
        part === 'NATS, caller and the rest' ? use.ours - told : use.of(this.platform.pidOf(part));
      told += seconds;
      shares.set(part, (seconds * 1000) / photos);
    }
    return shares;
  }
}

function mixOf({ faces, imageWidth, imageHeight }: Answer): PhotoMix {
  const large = faces.filter(({ box }) => box !== undefined && Math.min(box.width, box.height) >= LARGE_FACE);
  return {
    facesPerPhoto: faces.length,
    largeFacesPerPhoto: large.length,
    megapixels: (imageWidth * imageHeight) / 1e6,
  };
}

/** Each of a mix's figures by the same kind of mean. */
function meanMix(mean: (value: (mix: PhotoMix) => number) => number): PhotoMix {
  return {
    facesPerPhoto: mean(({ facesPerPhoto }) => facesPerPhoto),
    largeFacesPerPhoto: mean(({ largeFacesPerPhoto }) => largeFacesPerPhoto),
    megapixels: mean(({ megapixels }) => megapixels),
  };
}
