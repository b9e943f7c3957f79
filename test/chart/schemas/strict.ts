/** A part of an OpenAPI document or of a CustomResourceDefinition that says how a value looks. */
export interface OpenApiSchema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  anyOf?: OpenApiSchema[];
  properties?: Record<string, OpenApiSchema>;
  additionalProperties?: boolean | OpenApiSchema;
  items?: OpenApiSchema;
  required?: string[];
  enum?: unknown[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  'x-kubernetes-int-or-string'?: boolean;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
  'x-kubernetes-embedded-resource'?: boolean;
}

const INT_OR_STRING: OpenApiSchema = { type: ['integer', 'string'] };

/** What a JSON schema says about itself; everything else (descriptions, defaults, x-...) says nothing of validity. */
const KEPT = [
  '$ref',
  'type',
  'enum',
  'pattern',
  'required',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
] as const;

/**
 * The JSON schema of an OpenAPI schema, with unknown fields refused as `kubectl --validate=strict` does: an API server
 * drops them otherwise, misspelt ones too.
 */
export function strictSchema(schema: OpenApiSchema): OpenApiSchema {
  if (schema['x-kubernetes-int-or-string'] === true || schema.format === 'int-or-string') {
    return INT_OR_STRING;
  }
  const strict: Record<string, unknown> = {};
  for (const key of KEPT) {
    if (schema[key] !== undefined) {
      strict[key] = schema[key];
    }
  }
  if (schema.items !== undefined) {
    strict['items'] = strictSchema(schema.items);
  }
  if (schema.properties !== undefined) {
    strict['properties'] = Object.fromEntries(
      Object.entries(schema.properties).map(([name, property]) => [name, strictSchema(property)]),
    );
  }
  const further = furtherFields(schema);
  if (further !== undefined) {
    strict['additionalProperties'] = further;
  }
  return strict;
}

function furtherFields(schema: OpenApiSchema): boolean | OpenApiSchema | undefined {
  if (typeof schema.additionalProperties === 'object') {
    return strictSchema(schema.additionalProperties);
  }
  const open =
    schema['x-kubernetes-preserve-unknown-fields'] === true ||
    schema['x-kubernetes-embedded-resource'] === true ||
    schema.additionalProperties === true;
  return schema.properties === undefined || open ? undefined : false;
}
