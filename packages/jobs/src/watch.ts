import { setTimeout } from 'node:timers/promises';
import { onBus } from '@mien/bus';
import { asMienError } from '@mien/errors';
import type { SubmittedJob } from '@mien/proto';
import type { KvWatchEntry } from '@nats-io/kv';
import type { QueuedIterator } from '@nats-io/transport-node';
import type { JobFiles } from './records/job-files';
import { keysOf } from './records/job-id';

/** Changes that come closer together than this are told as one. */
const SETTLE_MS = 100;
/** Looked at without having heard of a change: what is told during an outage may be missed. */
const UNHEARD_MS = 5_000;
const RETRY_MS = 500;

/** The job now and after each change, until it has ended; goes on over an outage of the bus. */
export async function* watchJob(
  files: JobFiles,
  id: string,
  look: () => Promise<SubmittedJob>,
  onChange: (ring: () => void) => () => void,
  signal: AbortSignal,
): AsyncGenerator<SubmittedJob, void, void> {
  await files.record(id);
  const changes = await onBus(() => files.bucket.watch({ key: keysOf(id) }));
  const bell = new Bell(changes);
  const onAbort = () => bell.ring();
  signal.addEventListener('abort', onAbort, { once: true });
  const stopListening = onChange(() => bell.ring());
  try {
    let told = '';
    for (;;) {
      signal.throwIfAborted();
      const job = await unlessOut(look);
      if (job === undefined) {
        await setTimeout(RETRY_MS);
        continue;
      }
      const text = JSON.stringify(job);
      if (text !== told) {
        told = text;
        yield job;
      }
      if (job.endedAt !== undefined) {
        return;
      }
      await bell.next();
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    stopListening();
    changes.stop();
  }
}

/** Undefined while the bus does not answer: the watch goes on when it is back. */
async function unlessOut(look: () => Promise<SubmittedJob>): Promise<SubmittedJob | undefined> {
  try {
    return await look();
  } catch (error) {
    if (asMienError(error).reason === 'BUS_UNAVAILABLE') {
      return undefined;
    }
    throw error;
  }
}

/** Says when there was a change since it was asked last. */
class Bell {
  private rung = false;
  private ringing: () => void = () => undefined;

  constructor(changes: QueuedIterator<KvWatchEntry>) {
    void this.listen(changes);
  }

  ring(): void {
    this.rung = true;
    this.ringing();
  }

  async next(): Promise<void> {
    if (!this.rung) {
      const over = new AbortController();
      const heard = new Promise<void>((resolve) => {
        this.ringing = resolve;
      });
      const unheard = setTimeout(UNHEARD_MS, undefined, { signal: over.signal }).catch(() => undefined);
      await Promise.race([heard, unheard]);
      over.abort();
    }
    this.rung = false;
    await setTimeout(SETTLE_MS);
  }

  private async listen(changes: QueuedIterator<KvWatchEntry>): Promise<void> {
    try {
      for await (const _ of changes) {
        this.ring();
      }
    } finally {
      this.ring();
    }
  }
}
