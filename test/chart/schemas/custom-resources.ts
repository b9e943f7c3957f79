import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { goModule } from '../tools/go';
import type { SchemaOfKind } from './schema-set';
import { type OpenApiSchema, strictSchema } from './strict';

/** Go modules that hold the definitions of kinds that the chart uses beside Kubernetes' own, and where in them. */
const SOURCES = [
  { module: 'github.com/kedacore/keda/v2@v2.18.3', folder: 'config/crd/bases' },
  {
    module: 'github.com/prometheus-operator/prometheus-operator@v0.87.1',
    folder: 'example/prometheus-operator-crd',
  },
  { module: 'sigs.k8s.io/gateway-api@v1.4.1', folder: 'config/crd/standard' },
] as const;

interface CustomResourceDefinition {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { name: string; schema: { openAPIV3Schema: OpenApiSchema } }[];
  };
}

/** What KEDA, the Prometheus operator and the Gateway API add to an API server. */
export async function customResourceDefinitions(): Promise<CustomResourceDefinition[]> {
  const folders = await Promise.all(
    SOURCES.map(async ({ module, folder }) => join(await goModule(module), folder)),
  );
  return (await Promise.all(folders.map(definitionsInFolder))).flat();
}

/** Kinds of KEDA, of the Prometheus operator and of the Gateway API. */
export async function customKinds(): Promise<SchemaOfKind[]> {
  return (await customResourceDefinitions()).flatMap(({ spec }) =>
    spec.versions.map(({ name, schema }) => ({
      apiVersion: `${spec.group}/${name}`,
      kind: spec.names.kind,
      schema: () => withMetadata(schema.openAPIV3Schema),
    })),
  );
}

async function definitionsInFolder(folder: string): Promise<CustomResourceDefinition[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.yaml'));
  return (await Promise.all(files.map((file) => definitionsIn(join(folder, file))))).flat();
}

async function definitionsIn(file: string): Promise<CustomResourceDefinition[]> {
  return parseAllDocuments(await readFile(file, 'utf8'))
    .map((document) => document.toJS() as CustomResourceDefinition | null)
    .filter((object): object is CustomResourceDefinition => object?.kind === 'CustomResourceDefinition');
}

/** Definitions leave metadata open: what every object has is for the API server to check. */
function withMetadata(schema: OpenApiSchema): OpenApiSchema {
  const metadata: OpenApiSchema = { type: 'object', required: ['name'] };
  const strict = strictSchema(schema);
  return { ...strict, properties: { ...strict.properties, metadata } };
}
