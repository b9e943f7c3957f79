import { join } from 'node:path';
import { type TransferListItem, Worker } from 'node:worker_threads';
import { isReason, MienError } from '@mien/errors';
import type { ShardCalls, ShardReply, ShardRequest, ShardThreadData } from './shard-messages';

/** The built file, from the source folder as from the built one: a worker thread runs JavaScript only. */
const THREAD_FILE = join(__dirname, '..', '..', 'dist', 'embedded', 'shard-thread.js');

interface Waiting {
  resolve(result: unknown): void;
  reject(error: MienError): void;
}

/** A shard in a thread of its own. Calls queue up behind each other. */
export class ShardClient {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private gone: MienError | undefined;

  constructor(data: ShardThreadData) {
    this.worker = new Worker(THREAD_FILE, { workerData: data });
    this.worker.on('message', (reply: ShardReply) => this.settle(reply));
    this.worker.on('error', (cause) => this.fail(unavailable('a thread of the vector index failed', cause)));
    this.worker.on('exit', () => this.fail(unavailable('a thread of the vector index ended')));
    this.worker.unref();
  }

  get alive(): boolean {
    return this.gone === undefined;
  }

  /** Throws what the shard throws, and VECTOR_INDEX_UNAVAILABLE once its thread is gone. */
  async call<Call extends keyof ShardCalls>(
    call: Call,
    args: Parameters<ShardCalls[Call]>,
    transfer: readonly TransferListItem[] = [],
  ): Promise<ReturnType<ShardCalls[Call]>> {
    if (this.gone !== undefined) {
      throw this.gone;
    }
    this.lastId += 1;
    const request: ShardRequest = { id: this.lastId, call, args };
    this.worker.postMessage(request, transfer);
    return (await this.reply(request.id)) as ReturnType<ShardCalls[Call]>;
  }

  async close(): Promise<void> {
    this.fail(unavailable('the vector index was closed'));
    await this.worker.terminate();
  }

  /** The thread keeps the process alive only while somebody waits for it. */
  private reply(id: number): Promise<unknown> {
    this.worker.ref();
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  private settle({ id, result, failure }: ShardReply): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (this.waiting.size === 0) {
      this.worker.unref();
    }
    if (failure === undefined) {
      waiting?.resolve(result);
    } else {
      const reason = isReason(failure.reason) ? failure.reason : 'INTERNAL';
      waiting?.reject(new MienError(reason, failure.message));
    }
  }

  private fail(error: MienError): void {
    this.gone ??= error;
    for (const { reject } of this.waiting.values()) {
      reject(this.gone);
    }
    this.waiting.clear();
  }
}

function unavailable(message: string, cause?: unknown): MienError {
  return new MienError('VECTOR_INDEX_UNAVAILABLE', message, { cause });
}
