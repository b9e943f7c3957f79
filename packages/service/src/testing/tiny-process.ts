/**
 * A stage process for tests, forked by them: tells its parent when it begins a job, and then, as the first
 * argument says, goes on, waits to be told so, or crashes.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { runStageProcess } from '../stage/run-stage-process';
import { tinyStage } from './tiny-stage';

const [, , behaviour, stamp = randomUUID()] = process.argv;

async function work(): Promise<void> {
  process.send?.('begun');
  if (behaviour === 'crash') {
    process.kill(process.pid, 'SIGKILL');
  }
  if (behaviour !== 'go') {
    await once(process, 'message');
  }
}

void runStageProcess(tinyStage('detector', stamp, work), process.env);
