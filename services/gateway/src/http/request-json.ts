import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { MienError } from '@mien/errors';
import { isWrittenAsText } from './proto-json';

type Json = Record<string, unknown>;

/**
 * Fields of a request that a query string may give: all that the path does not, those of a message (a page's size
 * and cursor) by their own names.
 */
export function queryFields(input: DescMessage, inPath: readonly string[]): DescField[] {
  return input.fields
    .filter((field) => !inPath.includes(field.jsonName))
    .flatMap((field) => innerFields(field) ?? [field]);
}

/** The fields of a message that is spelt as one. */
function innerFields(field: DescField): DescField[] | undefined {
  return field.fieldKind === 'message' && !isWrittenAsText(field.message) ? field.message.fields : undefined;
}

/** The request that a query string spells, in proto3's JSON form. What it does not know it leaves alone. */
export function requestOfQuery(query: Readonly<Json>, input: DescMessage): Json {
  const json: Json = {};
  for (const [name, value] of Object.entries(query)) {
    const field = input.fields.find((candidate) => isNamed(candidate, name));
    const outer = input.fields.find((candidate) =>
      innerFields(candidate)?.some((inner) => isNamed(inner, name)),
    );
    if (field === undefined && outer !== undefined) {
      json[outer.jsonName] = { ...(json[outer.jsonName] as Json | undefined), [name]: value };
    } else {
      json[name] = field?.fieldKind === 'list' && !Array.isArray(value) ? [value] : value;
    }
  }
  return json;
}

/** The request with what its path says. Throws ARGUMENT_INVALID when the body says something else. */
export function withPathFields(json: unknown, params: Readonly<Record<string, string>>): unknown {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return json;
  }
  for (const [field, value] of Object.entries(params)) {
    const given = (json as Json)[field];
    if (given !== undefined && given !== value) {
      throw new MienError('ARGUMENT_INVALID', `${field} is another one in the path than in the request`, {
        metadata: { field },
      });
    }
  }
  return { ...json, ...params };
}

function isNamed(field: DescField, name: string): boolean {
  return field.jsonName === name || field.name === name;
}
