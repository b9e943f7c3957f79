/** A block of numbers with its shape. */
export interface TensorValue {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

export type TensorValues = Readonly<Record<string, TensorValue>>;

/** What an inference thread is started with. */
export interface InferenceThreadData {
  readonly file: string;
  readonly threads: number;
}

/** Asks the thread to free the model and end by itself. */
export const CLOSE = 'close';

export interface InferenceRequest {
  readonly id: number;
  readonly inputs: TensorValues;
}

/** The first message says whether the model could be loaded (id 0), each further one answers a request. */
export interface InferenceReply {
  readonly id: number;
  readonly outputs?: TensorValues;
  readonly failure?: string;
}

/** The id of the message that tells of the loading. */
export const LOADED = 0;
