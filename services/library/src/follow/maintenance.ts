import type { PeopleStore } from '@mien/people';
import type { Logger } from 'pino';

const INTERVAL_MS = 3_600_000;

/**
 * Gives the room of deleted rows back every hour: for databases that don't do that by themselves. Returns how to stop,
 * which waits for what is under way.
 */
export function startMaintenance(people: PeopleStore, logger: Logger): () => Promise<void> {
  let underWay: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    underWay = people.maintain().catch((error: unknown) => {
      logger.error({ err: error }, 'the database could not be maintained');
    });
  }, INTERVAL_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await underWay;
  };
}
