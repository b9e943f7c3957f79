import { Ajv, type ValidateFunction } from 'ajv';
import type { KubernetesObject } from '../tools/helm';
import { apiServerKinds } from './api-server';
import { customKinds } from './custom-resources';
import type { OpenApiSchema } from './strict';

export interface SchemaOfKind {
  readonly apiVersion: string;
  readonly kind: string;
  /** Made only for kinds that are met: the whole document is large. */
  readonly schema: () => OpenApiSchema & { definitions?: Record<string, OpenApiSchema> };
}

/** Tells what is wrong with objects, by the types of the API server and of the operators. */
export class SchemaSet {
  private readonly ajv = new Ajv({
    strict: false,
    allErrors: true,
    validateFormats: false,
    code: { regExp },
  });
  private readonly validators = new Map<string, ValidateFunction>();

  private constructor(private readonly kinds: ReadonlyMap<string, SchemaOfKind>) {}

  static async load(): Promise<SchemaSet> {
    const kinds = [...(await apiServerKinds()), ...(await customKinds())];
    return new SchemaSet(new Map(kinds.map((kind) => [nameOf(kind), kind])));
  }

  /** Nothing for a valid object. */
  problemsOf(object: KubernetesObject): string[] {
    const { metadata } = object;
    const name = nameOf(object);
    const kind = this.kinds.get(name);
    if (kind === undefined) {
      return [`there is no ${name}`];
    }
    const validate = this.validators.get(name) ?? this.ajv.compile(kind.schema());
    this.validators.set(name, validate);
    if (validate(object)) {
      return [];
    }
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) =>
        `${kind.kind} ${metadata.name}${instancePath}: ${message} ${JSON.stringify(params)}`,
    );
  }
}

/** Go's patterns may begin with a flag, where JavaScript has it apart. */
const regExp = Object.assign(
  (pattern: string, flags: string) => {
    const insensitive = pattern.includes('(?i)');
    return new RegExp(pattern.replace('(?i)', ''), insensitive ? `${flags}i` : flags);
  },
  { code: 'new RegExp' },
);

function nameOf({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): string {
  return `${apiVersion} ${kind}`;
}
