/** Runs in a worker thread: holds one shard and does one call after the other. */
import { setImmediate } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { asMienError } from '@mien/errors';
import { Shard } from './shard';
import type { ShardReply, ShardRequest, ShardThreadData } from './shard-messages';

const { dimensions } = workerData as ShardThreadData;
const shard = new Shard(dimensions);
let learning = false;

parentPort?.on('message', (request: ShardRequest) => {
  parentPort?.postMessage(answer(request));
  if (shard.shouldLearn && !learning) {
    learning = true;
    void learn();
  }
});

function answer({ id, call, args }: ShardRequest): ShardReply {
  try {
    return { id, result: Reflect.apply(shard[call], shard, args) };
  } catch (thrown) {
    const { reason, message } = asMienError(thrown);
    return { id, failure: { reason, message } };
  }
}

/** Calls that come meanwhile are answered at every pause. */
async function learn(): Promise<void> {
  for (const _ of shard.learn()) {
    await setImmediate();
  }
}
