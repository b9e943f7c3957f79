/** Why a graph could not be converted. */
export type ConversionReason = 'malformed-model' | 'unknown-operator' | 'unsupported-form' | 'missing-node';

/** A TensorFlow.js graph that cannot be expressed in ONNX by this converter. */
export class ConversionError extends Error {
  override readonly name = 'ConversionError';

  constructor(
    readonly reason: ConversionReason,
    message: string,
  ) {
    super(message);
  }
}
