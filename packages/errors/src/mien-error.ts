import type { Problem } from '@mien/proto';
import { isReason, type Reason, STATUS_OF_REASON } from './reasons';

/** An error with a stable reason. Its message is written for the caller and may leave the process. */
export class MienError extends Error {
  override readonly name = 'MienError';
  readonly reason: Reason;
  /** Facts for programs, such as the field or the limit that was passed. Never biometric. */
  readonly metadata: Readonly<Record<string, string>>;

  constructor(
    reason: Reason,
    message: string,
    options: { cause?: unknown; metadata?: Record<string, string> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.reason = reason;
    this.metadata = options.metadata ?? {};
  }

  /** The gRPC status code of the reason. */
  get status(): number {
    return STATUS_OF_REASON[this.reason];
  }

  /** How long a caller should wait before it tries again, where that is known: metadata.retryAfterSeconds. */
  get retryAfterSeconds(): number | undefined {
    const seconds = Number(this.metadata['retryAfterSeconds'] ?? Number.NaN);
    return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
  }
}

/** Any thrown value as a MienError: what is not one becomes INTERNAL, its text kept as the cause only. */
export function asMienError(thrown: unknown): MienError {
  if (thrown instanceof MienError) {
    return thrown;
  }
  return new MienError('INTERNAL', 'internal error', { cause: thrown });
}

/** The form in which an error travels on the line. */
export function toProblem(error: MienError, stage: string): Problem {
  return { reason: error.reason, message: error.message, stage, metadata: { ...error.metadata } };
}

/** The error that a problem on the line stands for. */
export function fromProblem(problem: Problem): MienError {
  const reason = isReason(problem.reason) ? problem.reason : 'INTERNAL';
  const { message, stage, metadata } = problem;
  return new MienError(reason, message, { metadata: stage === '' ? metadata : { ...metadata, stage } });
}
