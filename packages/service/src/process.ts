import { asMienError } from '@mien/errors';
import pino, { type Logger } from 'pino';

/** What a process runs until it is told to go. */
export interface Running {
  readonly logger: Logger;
  /** How long a drain may take. */
  readonly limitMs: number;
  drain(): Promise<void>;
}

/** Beyond the drain's own limit: to close connections and send the last spans. */
const CLOSING_MS = 3_000;

/**
 * The life of a service process: starts it, waits for SIGTERM or SIGINT, drains it, exits 0. Exits 1, saying why,
 * when it can't start or can't drain in time.
 */
export async function runUntilSignal(name: string, start: () => Promise<Running>): Promise<void> {
  const told = signal();
  let running: Running | undefined;
  try {
    running = await Promise.race([start(), told.then(() => undefined)]);
  } catch (thrown) {
    const error = asMienError(thrown);
    pino({ name }, pino.destination({ fd: 2, sync: true })).fatal({ err: error }, 'can not start');
    process.exit(1);
  }
  if (running === undefined) {
    process.exit(0); // told to go before there was anything to drain
  }
  const { logger, limitMs } = running;
  logger.info({ signal: await told }, 'going down');
  const tooLong = setTimeout(() => {
    logger.fatal('the drain took too long');
    process.exit(1);
  }, limitMs + CLOSING_MS);
  try {
    await running.drain();
  } catch (error) {
    logger.fatal({ err: error }, 'the drain failed');
    process.exit(1);
  }
  clearTimeout(tooLong);
  logger.info('down');
  process.exit(0);
}

function signal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
}
