import { type DescField, type DescMessage, type Registry, ScalarType } from '@bufbuild/protobuf';
import { MienError } from '@mien/errors';
import { listLimit, MAX_PLAIN_REQUEST_BYTES, stringLimit } from './limits';
import { checkCount } from './validation';

/** The full name of a field, as the tables of limits have it. */
export function fullName(field: DescField): string {
  return `${field.parent.typeName}.${field.name}`;
}

/**
 * Checks every text and every list of a request against its bound, whatever the message: what a method itself checks
 * comes later, and sees nothing that is out of all proportion.
 *
 * @param request as ts-proto or proto3's JSON form has it
 */
export function checkBounds(request: unknown, message: DescMessage, path = ''): void {
  if (typeof request !== 'object' || request === null) {
    return;
  }
  for (const field of message.fields) {
    const value = fieldOf(request, field);
    if (value !== undefined && value !== null) {
      checkField(value, field, path === '' ? field.name : `${path}.${field.name}`);
    }
  }
}

/** Throws ARGUMENT_INVALID for an encoded request that is too large for one that holds no photos. */
export function checkRequestBytes(bytes: number, message: DescMessage): void {
  if (bytes > MAX_PLAIN_REQUEST_BYTES && !holdsPhotos(message)) {
    throw new MienError('ARGUMENT_INVALID', `the request has more than ${MAX_PLAIN_REQUEST_BYTES} bytes`, {
      metadata: { limitBytes: String(MAX_PLAIN_REQUEST_BYTES) },
    });
  }
}

/** The message of the registry's method with that path, such as /mien.v1.FaceService/Detect. */
export function inputOf(path: string, registry: Registry): DescMessage | undefined {
  const [, service = '', name] = path.split('/');
  return registry.getService(service)?.methods.find((method) => method.name === name)?.input;
}

function fieldOf(request: object, field: DescField): unknown {
  const own: unknown = Reflect.get(request, field.jsonName);
  if (own !== undefined || field.oneof === undefined) {
    return own;
  }
  // ts-proto has the chosen field of a oneof under the oneof's name, with its own as $case.
  const chosen: unknown = Reflect.get(request, field.oneof.localName);
  return typeof chosen === 'object' && chosen !== null && Reflect.get(chosen, '$case') === field.jsonName
    ? Reflect.get(chosen, 'value')
    : undefined;
}

function checkField(value: unknown, field: DescField, path: string): void {
  if (field.fieldKind === 'list' && Array.isArray(value)) {
    checkCount(path, value.length, listLimit(fullName(field)));
    if (field.message !== undefined || field.scalar === ScalarType.STRING) {
      value.forEach((item, index) => {
        checkSingle(item, field, `${path}[${index}]`);
      });
    }
    return;
  }
  checkSingle(value, field, path);
}

function checkSingle(value: unknown, field: DescField, path: string): void {
  if (field.message !== undefined) {
    checkBounds(value, field.message, path);
  } else if (typeof value === 'string' && field.fieldKind !== 'map' && field.scalar === ScalarType.STRING) {
    const maximum = stringLimit(fullName(field));
    if (Buffer.byteLength(value) > maximum) {
      throw new MienError('ARGUMENT_INVALID', `${path} may have ${maximum} bytes`, {
        metadata: { field: path, maximum: String(maximum) },
      });
    }
  }
}

function holdsPhotos(message: DescMessage, seen: ReadonlySet<string> = new Set()): boolean {
  const inside = new Set([...seen, message.typeName]);
  return message.fields.some((field) =>
    field.message !== undefined
      ? !inside.has(field.message.typeName) && holdsPhotos(field.message, inside)
      : field.fieldKind !== 'map' && field.scalar === ScalarType.BYTES,
  );
}
