import type { DescMessage, DescMethod } from '@bufbuild/protobuf';
import { publicMethods } from '../protos/contract';

/** What a path of the HTTP interface takes, as its OpenAPI document tells. */
export interface HttpRoute {
  readonly method: string;
  /** With names in braces. */
  readonly path: string;
  readonly input: DescMessage | undefined;
  /** Parts of its form; none where there is no form. */
  readonly parts: readonly string[];
}

interface Operation {
  readonly operationId?: string;
  readonly tags?: readonly string[];
  readonly requestBody?: {
    readonly content: Readonly<
      Record<string, { readonly schema: { readonly properties?: Readonly<Record<string, unknown>> } }>
    >;
  };
}

/** All paths that a gateway serves. */
export async function routesOf(address: string): Promise<HttpRoute[]> {
  const response = await fetch(`http://${address}/openapi.json`);
  const { paths } = (await response.json()) as { paths: Record<string, Record<string, Operation>> };
  const methods = publicMethods();
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([verb, operation]) => ({
      method: verb.toUpperCase(),
      path,
      input: methods.find((method) => isNamed(method, operation))?.input,
      parts: Object.keys(operation.requestBody?.content['multipart/form-data']?.schema.properties ?? {}),
    })),
  );
}

function isNamed(method: DescMethod, { operationId, tags }: Operation): boolean {
  return method.localName === operationId && (tags ?? []).includes(method.parent.name);
}
