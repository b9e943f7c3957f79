import { asMienError, MienError } from '@mien/errors';
import type { FastifyError, FastifySchemaValidationError } from 'fastify';
import { MAX_IMAGE_BYTES } from '../usecases/limits';
import { grpcStatusName, HTTP_STATUS_OF_REASON } from './http-status';

/** An error as HTTP tells it: the shape of Google's APIs, with the reason that gRPC's ErrorInfo carries. */
interface ErrorAnswer {
  readonly error: {
    readonly code: number;
    readonly status: string;
    readonly reason: string;
    readonly message: string;
    readonly metadata: Readonly<Record<string, string>>;
  };
}

export function errorAnswer(error: MienError, code = HTTP_STATUS_OF_REASON[error.reason]): ErrorAnswer {
  const { reason, message, metadata } = error;
  return { error: { code, status: grpcStatusName(error.status), reason, message, metadata } };
}

const TOO_LARGE = new Set(['FST_ERR_CTP_BODY_TOO_LARGE', 'FST_REQ_FILE_TOO_LARGE']);

interface Answer {
  readonly answer: ErrorAnswer;
  /** What is wrong with us. */
  readonly fault: MienError | undefined;
  /** For the header retry-after. */
  readonly retryAfterSeconds: number | undefined;
}

/** What a route threw, Fastify's own refusals of a request included, as the answer to give. */
export function answerTo(thrown: unknown): Answer {
  const { error, code } = isFastifyError(thrown) ? fromFastify(thrown) : { error: asMienError(thrown) };
  return {
    answer: errorAnswer(error, code),
    fault: error.status === INTERNAL ? error : undefined,
    retryAfterSeconds: error.retryAfterSeconds,
  };
}

const INTERNAL = 13;

function fromFastify(error: FastifyError): { error: MienError; code?: number } {
  if (TOO_LARGE.has(error.code)) {
    return {
      error: new MienError('IMAGE_TOO_LARGE', `a photo has more than ${MAX_IMAGE_BYTES} bytes`, {
        metadata: { limitBytes: String(MAX_IMAGE_BYTES) },
      }),
    };
  }
  const code = error.statusCode ?? 500;
  // Fastify's own texts about a request's form hold nothing of the request but its content type.
  return code < 500
    ? { error: new MienError('ARGUMENT_INVALID', error.message), code }
    : { error: asMienError(error) };
}

/** What does not fit the schema, told of the first field that doesn't. */
export function fromValidation(errors: readonly FastifySchemaValidationError[]): MienError {
  const [first] = errors;
  const path = first?.instancePath.replace(/^\//, '').replaceAll('/', '.') ?? '';
  const unknown = first?.params['additionalProperty'];
  if (typeof unknown === 'string') {
    const field = path === '' ? unknown : `${path}.${unknown}`;
    return new MienError('ARGUMENT_INVALID', `there is no field ${field}`, { metadata: { field } });
  }
  const allowed = first?.params['allowedValues'];
  const choices = Array.isArray(allowed) ? `: ${allowed.join(', ')}` : '';
  const message = `${path === '' ? 'the request' : path} ${first?.message ?? 'is not valid'}${choices}`;
  return new MienError('ARGUMENT_INVALID', message, { metadata: path === '' ? {} : { field: path } });
}

function isFastifyError(thrown: unknown): thrown is FastifyError {
  return thrown instanceof Error && !(thrown instanceof MienError) && 'statusCode' in thrown;
}
