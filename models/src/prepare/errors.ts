/** Why a pack could not be prepared. */
export type PreparationReason =
  | 'source-missing'
  | 'source-changed'
  | 'result-differs'
  | 'not-writable'
  | 'usage';

/** A pack that could not be prepared; the message says what to do. */
export class PreparationError extends Error {
  override readonly name = 'PreparationError';

  constructor(
    readonly reason: PreparationReason,
    message: string,
  ) {
    super(message);
  }
}
