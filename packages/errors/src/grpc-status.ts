import { Metadata, type ServiceError } from '@grpc/grpc-js';
import { Any, ErrorInfo, RetryInfo, Status } from '@mien/proto';
import { MienError } from './mien-error';
import { isReason, type Reason, reasonOfStatus } from './reasons';

/** Where gRPC carries a serialised google.rpc.Status: https://google.aip.dev/193 */
const DETAILS_KEY = 'grpc-status-details-bin';
const ERROR_INFO_TYPE = 'type.googleapis.com/google.rpc.ErrorInfo';
const RETRY_INFO_TYPE = 'type.googleapis.com/google.rpc.RetryInfo';
const DOMAIN = 'mien';

/**
 * Longest message and value, in UTF-16 code units. Errors travel in HTTP/2 headers, for which many clients have 8 KiB:
 * beyond, the whole answer is lost and the caller waits for its deadline.
 */
const LONGEST_MESSAGE = 512;
const LONGEST_VALUE = 128;

/**
 * The form in which a gRPC service answers an error: its status code, ErrorInfo with the stable reason, and RetryInfo
 * where the error tells when to try again.
 */
export function toServiceError(error: MienError): Pick<ServiceError, 'code' | 'details' | 'metadata'> {
  const message = bounded(error.message, LONGEST_MESSAGE);
  const facts = Object.entries(error.metadata).map(([name, value]) => [name, bounded(value, LONGEST_VALUE)]);
  const info = ErrorInfo.fromPartial({
    reason: error.reason,
    domain: DOMAIN,
    metadata: Object.fromEntries(facts),
  });
  const status = Status.fromPartial({
    code: error.status,
    message,
    details: [
      Any.fromPartial({ typeUrl: ERROR_INFO_TYPE, value: Buffer.from(ErrorInfo.encode(info).finish()) }),
      ...retryDetails(error),
    ],
  });
  const metadata = new Metadata();
  metadata.set(DETAILS_KEY, Buffer.from(Status.encode(status).finish()));
  return { code: error.status, details: message, metadata };
}

/** Halves of surrogate pairs, which callers' texts and cuts leave and no header can hold. */
const LONE_SURROGATES = /\p{Cs}/gu;

function bounded(text: string, longest: number): string {
  const short = text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
  return short.replace(LONE_SURROGATES, '\ufffd');
}

function retryDetails({ retryAfterSeconds }: MienError): Any[] {
  if (retryAfterSeconds === undefined) {
    return [];
  }
  const seconds = Math.floor(retryAfterSeconds);
  const nanos = Math.round((retryAfterSeconds - seconds) * 1e9);
  const value = Buffer.from(RetryInfo.encode({ retryDelay: { seconds, nanos } }).finish());
  return [Any.fromPartial({ typeUrl: RETRY_INFO_TYPE, value })];
}

/**
 * The error that a gRPC call failed with. One without our details (a proxy's, the transport's) gets the reason
 * that stands nearest to its status code.
 */
export function fromServiceError(error: ServiceError): MienError {
  const info = errorInfoOf(error);
  const reason: Reason =
    info !== undefined && isReason(info.reason) ? info.reason : reasonOfStatus(error.code);
  return new MienError(reason, error.details, { cause: error, metadata: { ...info?.metadata } });
}

function errorInfoOf(error: ServiceError): ErrorInfo | undefined {
  const [bytes] = error.metadata?.get(DETAILS_KEY) ?? [];
  if (!Buffer.isBuffer(bytes)) {
    return undefined;
  }
  try {
    const any = Status.decode(bytes).details.find((detail) => detail.typeUrl === ERROR_INFO_TYPE);
    const info = any === undefined ? undefined : ErrorInfo.decode(any.value);
    return info?.domain === DOMAIN ? info : undefined;
  } catch {
    return undefined;
  }
}
