import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import {
  FIELD_LIMITS,
  LIST_LIMITS,
  type ListLimit,
  listLimit,
  type NumberLimit,
  stringLimit,
} from '../../usecases/limits';
import { fullName } from '../../usecases/request-bounds';
import { isWrittenAsText } from '../proto-json';
import type { Contract } from './contract';

export type JsonSchema = Readonly<Record<string, unknown>>;

interface SchemaOptions {
  /** What a $ref begins with, such as `#/components/schemas/`. */
  readonly refPrefix: string;
  /** Refuse properties that the message does not have: for what comes in, not for what goes out. */
  readonly closed: boolean;
}

/** JSON Schemas of a message and of all that it holds, by name, in proto3's JSON form with lowerCamelCase names. */
export function messageSchemas(
  root: DescMessage,
  contract: Contract,
  options: SchemaOptions,
): Record<string, JsonSchema> {
  const schemas: Record<string, JsonSchema> = {};
  const pending = [root];
  for (let message = pending.pop(); message !== undefined; message = pending.pop()) {
    if (schemas[message.name] !== undefined) {
      continue;
    }
    schemas[message.name] = messageSchema(message, contract, options);
    for (const field of message.fields) {
      if (field.enum !== undefined) {
        schemas[field.enum.name] = {
          type: 'string',
          enum: field.enum.values.map((value) => value.name),
          ...described(contract.enumComment(field.enum)),
        };
      }
      if (field.message !== undefined && !isWrittenAsText(field.message)) {
        pending.push(field.message);
      }
    }
  }
  return schemas;
}

function messageSchema(message: DescMessage, contract: Contract, options: SchemaOptions): JsonSchema {
  const properties = message.fields.map((field): [string, JsonSchema] => [
    field.jsonName,
    fieldSchema(field, contract, options),
  ]);
  const oneofs = message.oneofs.flatMap((oneof) => exclusive(oneof.fields.map((field) => field.jsonName)));
  return {
    type: 'object',
    ...described(contract.messageComment(message)),
    properties: Object.fromEntries(properties),
    ...(oneofs.length > 0 && { allOf: oneofs }),
    ...(options.closed && { additionalProperties: false }),
  };
}

/** No two of these properties together. */
function exclusive(names: readonly string[]): JsonSchema[] {
  return names.flatMap((first, index) =>
    names.slice(index + 1).map((second) => ({ not: { required: [first, second] } })),
  );
}

/** The schema of one field, with the comment that the .proto has for it. */
export function fieldSchema(field: DescField, contract: Contract, options: SchemaOptions): JsonSchema {
  const one = singleSchema(field, options);
  const whole =
    field.fieldKind === 'list' ? { type: 'array', items: one, ...listLimits(field, options) } : one;
  return { ...whole, ...described(contract.fieldComment(field)) };
}

function listLimits(field: DescField, { closed }: SchemaOptions): JsonSchema {
  const table: Readonly<Record<string, ListLimit>> = LIST_LIMITS;
  const limit = closed ? listLimit(fullName(field)) : table[fullName(field)];
  return limit === undefined ? {} : { minItems: limit.minimum, maxItems: limit.maximum };
}

function singleSchema(field: DescField, options: SchemaOptions): JsonSchema {
  if (field.message !== undefined && isWrittenAsText(field.message)) {
    return { type: 'string', format: 'date-time' };
  }
  const named = field.message ?? field.enum;
  if (named !== undefined) {
    return { $ref: `${options.refPrefix}${named.name}` };
  }
  const scalar = field.fieldKind === 'map' ? undefined : field.scalar;
  // Characters here, bytes where requests are checked: no text has more of the former.
  const longest = options.closed && scalar === ScalarType.STRING;
  return {
    ...scalarSchema(scalar),
    ...limits(fullName(field)),
    ...(longest && { maxLength: stringLimit(fullName(field)) }),
  };
}

function scalarSchema(scalar: ScalarType | undefined): JsonSchema {
  switch (scalar) {
    case ScalarType.BOOL:
      return { type: 'boolean' };
    case ScalarType.STRING:
      return { type: 'string' };
    case ScalarType.BYTES:
      return { type: 'string', contentEncoding: 'base64' };
    case ScalarType.FLOAT:
      return { type: 'number', format: 'float' };
    case ScalarType.DOUBLE:
      return { type: 'number', format: 'double' };
    case ScalarType.UINT32:
      return { type: 'integer', format: 'int64', minimum: 0, maximum: 2 ** 32 - 1 };
    case ScalarType.UINT64:
      return { type: 'integer', format: 'int64', minimum: 0 };
    case ScalarType.INT32:
      return { type: 'integer', format: 'int32' };
    default:
      throw new TypeError(`no JSON form is written down for scalar type ${scalar}`);
  }
}

function limits(name: string): JsonSchema {
  const table: Readonly<Record<string, NumberLimit>> = FIELD_LIMITS;
  const limit = table[name];
  if (limit === undefined) {
    return {};
  }
  const { minimum, maximum } = limit;
  if (!limit.zeroIsDefault) {
    return { minimum, maximum };
  }
  // 0 stands for the default: where the range begins at 1 it simply joins it.
  return minimum === 1
    ? { minimum: 0, maximum }
    : { minimum: 0, maximum, anyOf: [{ const: 0 }, { minimum, maximum }] };
}

function described(description: string): JsonSchema {
  return description === '' ? {} : { description };
}
