import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { MienError } from '@mien/errors';

/**
 * Proto3's JSON form has several spellings of the same message (https://protobuf.dev/programming-guides/json/):
 * names in lowerCamelCase or as in the .proto, enums by name or number, numbers as strings, null for "not set".
 * This rewrites what a client sent into the one spelling that the JSON Schema describes. What it does not know it
 * leaves alone, for the schema to refuse. Throws ARGUMENT_INVALID for a field that is given under two names and for
 * bytes that are not base64.
 */
export function canonicalJson(json: unknown, message: DescMessage, path = ''): unknown {
  if (!isObject(json)) {
    return json;
  }
  const entries = new Map<string, unknown>();
  for (const [name, value] of Object.entries(json)) {
    const field = message.fields.find((candidate) => candidate.jsonName === name || candidate.name === name);
    const key = field?.jsonName ?? name;
    const here = path === '' ? key : `${path}.${key}`;
    if (entries.has(key)) {
      throw invalid(here, 'is given twice');
    }
    if (value !== null || field === undefined) {
      entries.set(key, field === undefined ? value : canonicalValue(value, field, here));
    }
  }
  return Object.fromEntries(entries);
}

function canonicalValue(value: unknown, field: DescField, path: string): unknown {
  if (field.fieldKind === 'list') {
    return Array.isArray(value)
      ? value.map((item, index) => canonicalSingle(item, field, `${path}[${index}]`))
      : value;
  }
  return canonicalSingle(value, field, path);
}

function canonicalSingle(value: unknown, field: DescField, path: string): unknown {
  if (field.message !== undefined) {
    return isWrittenAsText(field.message) ? value : canonicalJson(value, field.message, path);
  }
  if (field.enum !== undefined) {
    return field.enum.values.find((candidate) => candidate.number === value)?.name ?? value;
  }
  if (typeof value !== 'string' || field.fieldKind === 'map') {
    return value;
  }
  if (field.scalar === ScalarType.BYTES) {
    return checkedBase64(value, path);
  }
  const numeric = isNumeric(field.scalar) && value.trim() === value && value !== '';
  return numeric && Number.isFinite(Number(value)) ? Number(value) : value;
}

/** A google.protobuf.Timestamp is a text in JSON, such as 2026-01-31T12:00:00Z. */
export function isWrittenAsText(message: DescMessage): boolean {
  return message.typeName === 'google.protobuf.Timestamp';
}

function isNumeric(scalar: ScalarType | undefined): boolean {
  return scalar !== undefined && scalar !== ScalarType.BOOL && scalar !== ScalarType.STRING;
}

/** Both alphabets, padded or not; Buffer.from would skip anything else without a word. */
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

function checkedBase64(text: string, path: string): string {
  if (!BASE64.test(text) || text.replace(/=+$/, '').length % 4 === 1) {
    throw invalid(path, 'is not base64');
  }
  return text;
}

/**
 * The other way: fills in the zeros, false and empty lists that ts-proto's JSON leaves out, so that readers find
 * every field of a message that is there, and writes floats in as many digits as they have.
 */
export function completeJson(json: unknown, message: DescMessage): unknown {
  if (!isObject(json)) {
    return json;
  }
  // A mesh alone has 468 points: loops here, not chains of arrays.
  const complete: Record<string, unknown> = {};
  for (const field of message.fields) {
    const value = json[field.jsonName];
    const written = value === undefined ? implicitValue(field) : completeValue(value, field);
    if (written !== undefined) {
      complete[field.jsonName] = written;
    }
  }
  return complete;
}

function completeValue(value: unknown, field: DescField): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => completeValue(item, field));
  }
  if (typeof value === 'number') {
    return field.fieldKind !== 'map' && field.scalar === ScalarType.FLOAT ? shortFloat(value) : value;
  }
  return field.message === undefined ? value : completeJson(value, field.message);
}

/** What a field without presence reads as when it is not on the wire. */
function implicitValue(field: DescField): unknown {
  if (field.fieldKind === 'list') {
    return [];
  }
  const explicit = field.proto.proto3Optional || field.oneof !== undefined || field.fieldKind === 'message';
  if (explicit) {
    return undefined;
  }
  if (field.fieldKind === 'enum') {
    return field.enum.values[0]?.name;
  }
  return field.fieldKind === 'scalar' ? zeroOf(field.scalar) : undefined;
}

function zeroOf(scalar: ScalarType): unknown {
  switch (scalar) {
    case ScalarType.BOOL:
      return false;
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return '';
    default:
      return 0;
  }
}

/** The shortest of the decimal forms that read back as this 32-bit float: 7 to 9 digits tell any of them apart. */
function shortFloat(value: number): number {
  const exact = Math.fround(value);
  for (let digits = 7; digits < 9; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === exact) {
      return short;
    }
  }
  return Number(value.toPrecision(9));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(field: string, complaint: string): MienError {
  return new MienError('ARGUMENT_INVALID', `${field} ${complaint}`, { metadata: { field } });
}
