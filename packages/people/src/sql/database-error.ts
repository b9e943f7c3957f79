import { MienError, type Reason } from '@mien/errors';

/** What a unique constraint's violation means: constraints are named by the migrations. */
const TAKEN: Readonly<Record<string, readonly [Reason, string]>> = {
  groups_id: ['GROUP_ID_TAKEN', 'there is a group of this id'],
  groups_name: ['GROUP_NAME_TAKEN', 'there is a group of this name'],
  persons_id: ['PERSON_ID_TAKEN', 'there is a person of this id'],
  faces_id: ['FACE_ID_TAKEN', 'there is a face of this id'],
  faces_crop_key: ['ARGUMENT_INVALID', 'face.cropKey: another face uses this blob'],
  faces_photo_key: ['ARGUMENT_INVALID', 'face.photoKey: another face uses this blob'],
};

/** SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const UNIQUE_VIOLATION = '23505';
/** Serialization failure, deadlock, lock not available in time. */
const CONFLICTS = new Set(['40001', '40P01', '55P03']);
/** Shutdown, crash, starting up, too many connections; class 08 are connection errors. */
const UNAVAILABLE = new Set(['57P01', '57P02', '57P03', '53300']);
/** Node's own codes of sockets and name look-ups. */
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
  'EHOSTUNREACH',
]);
/** pg has no code for these. */
const CONNECTION_LOST =
  /connection terminated|timeout exceeded when trying to connect|client has encountered/i;

/** Whatever a query threw, with a stable reason. */
export function translated(thrown: unknown): MienError {
  if (thrown instanceof MienError) {
    return thrown;
  }
  const { code, constraint, message } = partsOf(thrown);
  const [reason, sentence] = (code === UNIQUE_VIOLATION && TAKEN[constraint]) || [];
  if (reason !== undefined && sentence !== undefined) {
    return new MienError(reason, sentence, { cause: thrown });
  }
  if (CONFLICTS.has(code)) {
    return new MienError('CONFLICT', 'somebody else is changing the same person or group', { cause: thrown });
  }
  if (isUnavailable(code, message)) {
    return new MienError('DATABASE_UNAVAILABLE', 'the database can not be reached', { cause: thrown });
  }
  return new MienError('INTERNAL', 'the database failed', { cause: thrown });
}

function isUnavailable(code: string, message: string): boolean {
  const lost = code === '' && CONNECTION_LOST.test(message);
  return lost || code.startsWith('08') || UNAVAILABLE.has(code) || UNREACHABLE.has(code);
}

function partsOf(thrown: unknown): { code: string; constraint: string; message: string } {
  const { code, constraint, message } = (
    typeof thrown === 'object' && thrown !== null ? thrown : {}
  ) as Record<string, unknown>;
  return { code: textOf(code), constraint: textOf(constraint), message: textOf(message) };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
