import { MienError } from '@mien/errors';
import { InferenceSession, Tensor } from 'onnxruntime-node';

/** A block of numbers with its shape. */
export interface TensorValue {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

export interface InferenceOptions {
  /** Threads that one inference may use. */
  readonly threads: number;
}

/** One loaded model. Inference runs off the event loop; several may be under way at once. */
export class ModelSession {
  private constructor(
    private readonly session: InferenceSession,
    private readonly file: string,
  ) {}

  /** Throws MODEL_PACK_INVALID when the file is not a model that this runtime can run. */
  static async open(file: string, options: InferenceOptions): Promise<ModelSession> {
    try {
      const session = await InferenceSession.create(file, {
        intraOpNumThreads: options.threads,
        interOpNumThreads: 1,
        executionMode: 'sequential',
        graphOptimizationLevel: 'all',
      });
      return new ModelSession(session, file);
    } catch (cause) {
      throw new MienError('MODEL_PACK_INVALID', `the model ${file} can't be loaded`, { cause });
    }
  }

  /** Feeds named inputs, gives named outputs. */
  async run(inputs: Readonly<Record<string, TensorValue>>): Promise<Record<string, TensorValue>> {
    const feeds = Object.fromEntries(
      Object.entries(inputs).map(([name, { data, dims }]) => [name, new Tensor('float32', data, dims)]),
    );
    const results = await this.session.run(feeds);
    return Object.fromEntries(
      Object.entries(results).map(([name, tensor]) => {
        if (!(tensor.data instanceof Float32Array)) {
          throw new MienError('MODEL_PACK_INVALID', `${this.file}: output ${name} is not float32`);
        }
        return [name, { data: tensor.data, dims: tensor.dims }];
      }),
    );
  }

  async close(): Promise<void> {
    await this.session.release();
  }
}
