/** A block of numbers with its shape. */
export interface TensorValue {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

export type TensorValues = Readonly<Record<string, TensorValue>>;

/** The processor, or an NVIDIA GPU: what the latter can't do of a model, the processor does. */
export type InferenceProvider = 'cpu' | 'cuda';

/** What an inference thread is started with. */
export interface InferenceThreadData {
  readonly file: string;
  readonly threads: number;
  readonly provider: InferenceProvider;
}

/** Asks the thread to free the model and end by itself. */
export const CLOSE = 'close';

export interface InferenceRequest {
  readonly id: number;
  readonly inputs: TensorValues;
  /** Names of the inputs whose memory was passed on and is wanted back. */
  readonly lent: readonly string[];
}

/** The first message says whether the model could be loaded (id 0), each further one answers a request. */
export interface InferenceReply {
  readonly id: number;
  readonly outputs?: TensorValues;
  /** Memory of inputs that was passed on with the request, for the next one. */
  readonly spent?: readonly ArrayBuffer[];
  readonly failure?: string;
}

/** The id of the message that tells of the loading. */
export const LOADED = 0;
