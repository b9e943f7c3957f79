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

async function serve({ file, threads, provider }: InferenceThreadData): Promise<void> {
  const session = await InferenceSession.create(file, {
    // Alone: where a GPU or its libraries are missing this throws, and does not go on slowly without being noticed.
    executionProviders: [provider],
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

async function answer(session: InferenceSession, { id, inputs, lent }: InferenceRequest): Promise<void> {
  const spent = lent.flatMap((name) => blockOf(inputs[name]));
  try {
    reply({ id, outputs: await run(session, inputs), spent });
  } catch (error) {
    reply({ id, failure: textOf(error), spent });
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

/** Passes the memory of outputs and spent inputs on: nothing is copied. */
function reply(message: InferenceReply): void {
  const outputs = Object.values(message.outputs ?? {}).flatMap((output) => blockOf(output));
  parentPort?.postMessage(message, [...new Set([...outputs, ...(message.spent ?? [])])]);
}

function blockOf(tensor: TensorValue | undefined): ArrayBuffer[] {
  return tensor?.data.buffer instanceof ArrayBuffer ? [tensor.data.buffer] : [];
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

serve(workerData as InferenceThreadData).catch((error: unknown) => {
  reply({ id: LOADED, failure: textOf(error) });
});
