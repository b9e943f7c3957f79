import { MienError } from '@mien/errors';
import { type BlobRef, type Job, JobOptions, Lane, Photo, Priority } from '@mien/proto';
import type { Call } from './call';
import { composeItinerary } from './itinerary';
import type { Dependencies, PhotoStore } from './ports';

/** What goes down the line for one request. */
interface Work {
  readonly photos: readonly Buffer[];
  readonly options: Partial<JobOptions>;
  readonly priority: Priority;
}

/**
 * Stores the photos, sends the job and waits for it. Answers with the job as the line filled it, each photo
 * possibly with a problem of its own. Throws what Line.submit throws.
 */
export async function runJob(work: Work, call: Call, { store, line }: Dependencies): Promise<Job> {
  const blobs = await storeAll(work.photos, store);
  const options = JobOptions.fromPartial(work.options);
  const job = {
    lane: work.priority === Priority.PRIORITY_BATCH ? Lane.LANE_BATCH : Lane.LANE_INTERACTIVE,
    itinerary: composeItinerary(options),
    options,
    photos: blobs.map((image) => Photo.fromPartial({ image })),
    submission: call.origin.submission,
  };
  try {
    const finished = await line.submit(job, { deadlineMs: call.remainingMs, signal: call.signal });
    await removeAll(blobs, store);
    return finished;
  } catch (error) {
    // A stage, or whoever looks after the dead letters, may still want the photos: retention removes them. Only
    // a job that no queue took leaves nobody to read them.
    if (error instanceof MienError && error.reason === 'OVERLOADED') {
      await removeAll(blobs, store);
    }
    throw error;
  }
}

async function storeAll(photos: readonly Buffer[], store: PhotoStore): Promise<BlobRef[]> {
  const outcomes = await Promise.allSettled(photos.map((photo) => store.put(photo)));
  const blobs = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure !== undefined) {
    await removeAll(blobs, store);
    throw failure.reason;
  }
  return blobs;
}

async function removeAll(blobs: readonly BlobRef[], store: PhotoStore): Promise<void> {
  // A photo that stays behind is removed when its retention ends; the answer does not depend on it.
  await Promise.allSettled(blobs.map((blob) => store.remove(blob)));
}
