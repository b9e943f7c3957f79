import type { ObjectStore } from '@mien/stores';
import type { Logger } from 'pino';

/** Removes expired blobs at an interval, one sweep at a time; returns how to stop. */
export function startSweeper(store: ObjectStore, intervalSeconds: number, logger: Logger): () => void {
  let sweeping = false;
  const timer = setInterval(() => {
    if (sweeping) {
      return;
    }
    sweeping = true;
    store
      .sweep()
      .then((removed) => logger.debug({ removed }, 'expired blobs removed'))
      .catch((error: unknown) => logger.error({ err: error }, 'expired blobs could not be removed'))
      .finally(() => {
        sweeping = false;
      });
  }, intervalSeconds * 1_000);
  timer.unref();
  return () => clearInterval(timer);
}
