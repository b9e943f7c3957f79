/** Runs in a worker thread: holds one model and answers one request after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import {
  CLOSE,
  type InferenceReply,
  type InferenceRequest,
  type InferenceThreadData,
  LOADED,
  type TensorValue,
  type TensorValues,
} from './inference-messages';

async function serve({ file, threads }: InferenceThreadData): Promise<void> {
  const session = await InferenceSession.create(file, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
  });
  // One after the other, so that the model is not freed under a request that came before.
  let work = Promise.resolve();
  parentPort?.on('message', (message: InferenceRequest | typeof CLOSE) => {
    work = work.then(() => (message === CLOSE ? end(session) : answer(session, message)));
  });
  reply({ id: LOADED });
}

async function answer(session: InferenceSession, { id, inputs }: InferenceRequest): Promise<void> {
  try {
    reply({ id, outputs: await run(session, inputs) });
  } catch (error) {
    reply({ id, failure: textOf(error) });
  }
}

async function end(session: InferenceSession): Promise<void> {
  await session.release();
  parentPort?.close();
}

async function run(session: InferenceSession, inputs: TensorValues): Promise<TensorValues> {
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, { data, dims }]) => [name, new Tensor('float32', data, dims)]),
  );
  const results = await session.run(feeds);
  return Object.fromEntries(
    Object.entries(results).map(([name, tensor]) => [name, tensorValue(name, tensor)]),
  );
}

function tensorValue(name: string, tensor: Tensor): TensorValue {
  if (!(tensor.data instanceof Float32Array)) {
    throw new Error(`output ${name} is not float32`);
  }
  return { data: tensor.data, dims: tensor.dims };
}

function reply(message: InferenceReply): void {
  parentPort?.postMessage(message);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

serve(workerData as InferenceThreadData).catch((error: unknown) => {
  reply({ id: LOADED, failure: textOf(error) });
});
