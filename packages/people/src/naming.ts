import { MienError } from '@mien/errors';
import { Gender } from '@mien/proto';

const ID = /^[A-Za-z0-9\-%@#&_]{1,64}$/;
/** As many as a page has entries. */
const MOST_IDS = 1000;
const MOST_KEYS = 10_000;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Control characters, and halves of surrogate pairs, which are no text in UTF-8. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;

/** An argument's refusal. */
export function invalid(field: string, message: string): MienError {
  return new MienError('ARGUMENT_INVALID', `${field}: ${message}`, { metadata: { field } });
}

/** Ids that clients give: letters, digits and -%@#&_, 1..64 bytes. */
export function checkId(field: string, id: string): void {
  if (!ID.test(id)) {
    throw invalid(field, 'an id is made of 1 to 64 letters, digits and -%@#&_');
  }
}

/** Ids that the database makes. */
export function isUuid(id: string): boolean {
  return UUID.test(id);
}

/** Ids of faces: lower-case UUIDs, which every vector engine takes as they are. */
export function checkFaceId(field: string, id: string): void {
  if (!UUID.test(id)) {
    throw invalid(field, 'a face id is a UUID in lower case');
  }
}

/** Lists of ids that one call names. */
export function checkIds(field: string, ids: readonly string[]): void {
  checkEach(field, ids, checkId);
}

export function checkFaceIds(field: string, ids: readonly string[]): void {
  checkEach(field, ids, checkFaceId);
}

function checkEach(field: string, ids: readonly string[], check: (field: string, id: string) => void): void {
  if (ids.length > MOST_IDS) {
    throw invalid(field, `at most ${MOST_IDS} ids`);
  }
  ids.forEach((id, index) => {
    check(`${field}[${index}]`, id);
  });
}

export function checkGender(field: string, gender: Gender): void {
  if (!Object.values(Gender).includes(gender)) {
    throw invalid(field, 'not a gender');
  }
}

/** Text of `minimum`..`maximum` characters (code points), without control characters. */
export function checkText(field: string, text: string, minimum: number, maximum: number): void {
  const length = Array.from(text).length;
  if (length < minimum || length > maximum) {
    throw invalid(field, `${minimum} to ${maximum} characters are needed`);
  }
  if (UNPRINTABLE.test(text)) {
    throw invalid(field, 'control characters are not allowed');
  }
}

export function checkName(field: string, name: string): void {
  checkText(field, name, 1, 60);
}

export function checkTag(field: string, tag: string): void {
  checkText(field, tag, 0, 40);
}

/** The value that a member has in one of a group's own fields. */
export function checkFieldValue(field: string, value: string): void {
  checkText(field, value, 0, 60);
}

/** A group's own field names: 1..30 characters each, no two alike. */
export function checkFieldNames(field: string, names: readonly string[]): void {
  names.forEach((name, index) => {
    checkText(`${field}[${index}]`, name, 1, 30);
  });
  if (new Set(names).size < names.length) {
    throw invalid(field, 'no two fields may have the same name');
  }
}

/** Keys of the object store that one call names. */
export function checkBlobKeys(field: string, keys: readonly string[]): void {
  if (keys.length > MOST_KEYS) {
    throw invalid(field, `at most ${MOST_KEYS} keys`);
  }
  keys.forEach((key, index) => {
    checkBlobKey(`${field}[${index}]`, key);
  });
}

export function checkBlobKey(field: string, key: string): void {
  checkText(field, key, 1, 500);
}

/** Names of model versions, as model packs give them. */
export function checkModelVersion(field: string, version: string): void {
  checkText(field, version, 1, 100);
}
