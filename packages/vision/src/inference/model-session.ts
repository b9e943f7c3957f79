import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { MienError } from '@mien/errors';
import {
  CLOSE,
  type InferenceProvider,
  type InferenceReply,
  type InferenceRequest,
  type InferenceThreadData,
  LOADED,
  type TensorValues,
} from './inference-messages';
import { TensorMemory } from './tensor-memory';

export interface InferenceOptions {
  /** Threads that one inference may use. */
  readonly threads: number;
  /** What runs models: the processor, unless given. */
  readonly provider?: InferenceProvider | undefined;
}

/** The built file, from the source folder as from the built one: a worker thread runs JavaScript only. */
const THREAD_FILE = join(__dirname, '..', '..', 'dist', 'inference', 'inference-thread.js');

interface Waiting {
  resolve(outputs: TensorValues): void;
  reject(error: MienError): void;
}

/**
 * One loaded model, in a thread of its own: onnxruntime-node's run() blocks the thread that calls it, which here must
 * go on answering heartbeats and other requests. Requests queue up behind each other.
 */
export class ModelSession {
  /** For inputs: what lies in it is passed to the thread as it is, other inputs are copied. */
  readonly memory = new TensorMemory();
  private readonly waiting = new Map<number, Waiting>();
  private lastId = LOADED;
  private broken: MienError | undefined;
  private closing: Promise<void> | undefined;

  private constructor(private readonly worker: Worker) {
    worker.on('message', (reply: InferenceReply) => this.settle(reply));
    worker.on('error', (cause) => this.fail(cause));
    worker.on('exit', (code) => this.fail(new Error(`the inference thread ended with code ${code}`)));
  }

  /** Throws MODEL_PACK_INVALID when the file is not a model that this runtime can run, with the provider. */
  static async open(file: string, options: InferenceOptions): Promise<ModelSession> {
    // Before onnxruntime is loaded: since 1.30 it reports how it is used to its maker, with an id of the machine.
    process.env['ORT_DISABLE_TELEMETRY'] = '1';
    const { threads, provider = 'cpu' } = options;
    const workerData: InferenceThreadData = { file, threads, provider };
    const session = new ModelSession(new Worker(THREAD_FILE, { workerData }));
    try {
      await session.reply(LOADED);
      return session;
    } catch (cause) {
      await session.close();
      throw new MienError('MODEL_PACK_INVALID', `the model ${file} can't be loaded for ${provider}`, {
        cause,
      });
    }
  }

  /**
   * Feeds named inputs, gives named outputs. Inputs in memory that this session lent are gone afterwards. Throws
   * INTERNAL when the model refuses them or its thread has died.
   */
  async run(inputs: TensorValues): Promise<TensorValues> {
    if (this.closing !== undefined || this.broken !== undefined) {
      throw this.broken ?? new MienError('INTERNAL', 'the model was closed');
    }
    this.lastId += 1;
    const lent = Object.entries(inputs).filter(([, { data }]) => this.memory.isLent(data));
    const request: InferenceRequest = { id: this.lastId, inputs, lent: lent.map(([name]) => name) };
    this.worker.postMessage(
      request,
      lent.flatMap(([, { data }]) => (data.buffer instanceof ArrayBuffer ? [data.buffer] : [])),
    );
    return this.reply(request.id);
  }

  /**
   * Lets requests under way finish, then frees the model. The thread ends by itself: to terminate one inside native
   * code aborts the whole process.
   */
  async close(): Promise<void> {
    this.closing ??= this.end();
    await this.closing;
  }

  private async end(): Promise<void> {
    const ended = this.broken === undefined ? once(this.worker, 'exit') : undefined;
    this.worker.ref();
    this.worker.postMessage(CLOSE);
    await ended;
  }

  /** The thread keeps the process alive only while somebody waits for it. */
  private reply(id: number): Promise<TensorValues> {
    this.worker.ref();
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  private settle({ id, outputs, spent, failure }: InferenceReply): void {
    for (const block of spent ?? []) {
      this.memory.takeBack(block);
    }
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (this.waiting.size === 0 && this.closing === undefined) {
      this.worker.unref();
    }
    if (failure === undefined) {
      waiting?.resolve(outputs ?? {});
    } else {
      waiting?.reject(new MienError('INTERNAL', 'inference failed', { cause: new Error(failure) }));
    }
  }

  private fail(cause: Error): void {
    this.broken ??= new MienError('INTERNAL', 'the inference thread is gone', { cause });
    for (const { reject } of this.waiting.values()) {
      reject(this.broken);
    }
    this.waiting.clear();
  }
}
