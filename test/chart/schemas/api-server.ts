import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { goModule } from '../tools/go';
import type { SchemaOfKind } from './schema-set';
import { type OpenApiSchema, strictSchema } from './strict';

const KUBERNETES = 'k8s.io/kubernetes@v1.34.4';
const PREFIX = '#/definitions/';

interface Definition extends OpenApiSchema {
  readonly 'x-kubernetes-group-version-kind'?: readonly { group: string; version: string; kind: string }[];
}

/** Every kind that the API server itself knows, out of the OpenAPI document of its source. */
export async function apiServerKinds(): Promise<SchemaOfKind[]> {
  const folder = await goModule(KUBERNETES);
  const text = await readFile(join(folder, 'api', 'openapi-spec', 'swagger.json'), 'utf8');
  const { definitions } = JSON.parse(text) as { definitions: Record<string, Definition> };
  return Object.entries(definitions).flatMap(([name, definition]) =>
    (definition['x-kubernetes-group-version-kind'] ?? []).map(({ group, version, kind }) => ({
      apiVersion: group === '' ? version : `${group}/${version}`,
      kind,
      schema: () => ({ $ref: PREFIX + name, definitions: reachable(name, definitions) }),
    })),
  );
}

/** The definition and those that it names, directly or through others. */
function reachable(name: string, definitions: Record<string, Definition>): Record<string, OpenApiSchema> {
  const found: Record<string, OpenApiSchema> = {};
  const pending = [name];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const definition = definitions[next];
    if (found[next] === undefined && definition !== undefined) {
      const strict = special(next) ?? strictSchema(definition);
      found[next] = strict;
      pending.push(...referencesOf(strict));
    }
  }
  return found;
}

/** Written as a number or a string; the document says string. */
function special(name: string): OpenApiSchema | undefined {
  return name === 'io.k8s.apimachinery.pkg.api.resource.Quantity'
    ? { type: ['string', 'number'] }
    : undefined;
}

function referencesOf(schema: OpenApiSchema): string[] {
  const own = schema.$ref === undefined ? [] : [schema.$ref.slice(PREFIX.length)];
  const inner = [
    ...Object.values(schema.properties ?? {}),
    ...(schema.items === undefined ? [] : [schema.items]),
    ...(typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : []),
  ];
  return [...own, ...inner.flatMap(referencesOf)];
}
