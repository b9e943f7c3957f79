import { type Bus, PHOTO_STAGES_SUBJECT, STAGE_NAMES } from '@mien/bus';
import { JobPhotoStage, type JobProgress, type StageCount } from '@mien/proto';
import { hasBit } from './records/bits';

interface Place {
  readonly stage: string;
  readonly at: number;
}

/** Nothing was heard of a photo for so long: nobody works on it any more. */
const STALE_MS = 120_000;
const MOST_JOBS = 2_000;

/** Where the photos of jobs are on the line, as the stages tell it while they work. */
export class PhotoStages {
  private readonly jobs = new Map<string, Map<number, Place>>();
  private readonly listeners = new Map<string, Set<() => void>>();

  constructor(bus: Bus) {
    bus.nc.subscribe(PHOTO_STAGES_SUBJECT, {
      callback: (error, { data }) => {
        if (error === null) {
          this.hear(data);
        }
      },
    });
  }

  /** By stage, in the order of the line, the photos that are not answered. */
  countsOf(jobId: string, { answered }: JobProgress): StageCount[] {
    const since = performance.now() - STALE_MS;
    const places = [...(this.jobs.get(jobId) ?? [])].filter(
      ([index, { at }]) => at > since && !hasBit(answered, index),
    );
    return STAGE_NAMES.map((stage) => ({
      stage,
      photos: places.filter(([, place]) => place.stage === stage).length,
    })).filter(({ photos }) => photos > 0);
  }

  /** Calls back whenever a photo of the job gets to a stage; returns how to stop that. */
  onChange(jobId: string, callback: () => void): () => void {
    const callbacks = this.listeners.get(jobId) ?? new Set();
    this.listeners.set(jobId, callbacks.add(callback));
    return () => {
      callbacks.delete(callback);
      if (callbacks.size === 0) {
        this.listeners.delete(jobId);
      }
    };
  }

  forget(jobId: string): void {
    this.jobs.delete(jobId);
  }

  private hear(data: Uint8Array): void {
    const told = readable(data);
    if (told === undefined) {
      return;
    }
    const { jobId, photoIndex, stage } = told;
    const photos = this.jobs.get(jobId) ?? new Map<number, Place>();
    photos.set(photoIndex, { stage, at: performance.now() });
    // Behind all others: the first is the one that was heard of least lately.
    this.jobs.delete(jobId);
    this.jobs.set(jobId, photos);
    const [oldest] = this.jobs.keys();
    if (this.jobs.size > MOST_JOBS && oldest !== undefined) {
      this.jobs.delete(oldest);
    }
    for (const callback of this.listeners.get(jobId) ?? []) {
      callback();
    }
  }
}

function readable(data: Uint8Array): JobPhotoStage | undefined {
  try {
    return JobPhotoStage.decode(data);
  } catch {
    return undefined;
  }
}
