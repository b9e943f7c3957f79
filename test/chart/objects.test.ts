import { SchemaSet } from './schemas/schema-set';
import { goIsThere } from './tools/go';
import { EXAMPLES, exampleFiles, Helm, type KubernetesObject } from './tools/helm';

const withGo = goIsThere() ? describe : describe.skip;

withGo('the chart', () => {
  let helm: Helm;
  let schemas: SchemaSet;

  beforeAll(async () => {
    helm = await Helm.provide();
    schemas = await SchemaSet.load();
  }, 900_000);

  it.each(EXAMPLES)('%s: is what Helm takes for sound', async (example) => {
    expect(await helm.lint(exampleFiles(example))).toContain('1 chart(s) linted, 0 chart(s) failed');
  });

  it.each(EXAMPLES)('%s: every object is one that the API server and the operators take', async (example) => {
    const objects = await helm.render(exampleFiles(example));
    expect(objects.flatMap((object) => schemas.problemsOf(object))).toEqual([]);
    console.log(`${example}: ${objects.length} objects validated (${counted(objects)})`);
  });

  it.each(EXAMPLES)('%s: no two objects have one name', async (example) => {
    const names = (await helm.render(exampleFiles(example))).map(
      ({ apiVersion, kind, metadata }) => `${apiVersion} ${kind} ${metadata.namespace} ${metadata.name}`,
    );
    expect(new Set(names).size).toBe(names.length);
  });

  it.each([
    ['small', ['ingress.http.enabled=true', 'ingress.http.host=faces.example.org']],
    ['production', ['gatewayApi.enabled=true']],
  ] as const)('%s: leads nobody to a gateway that is not there', async (example, settings) => {
    const ways = ['Ingress', 'HTTPRoute', 'GRPCRoute'];
    const waysOf = async (enabled: boolean) => {
      const objects = await helm.render(exampleFiles(example), [
        ...settings,
        `services.gateway.enabled=${enabled}`,
      ]);
      return objects.filter(({ kind }) => ways.includes(kind)).length;
    };
    expect(await waysOf(true)).toBeGreaterThan(0);
    expect(await waysOf(false)).toBe(0);
  });

  it('tells what is wrong with an object: misspelt, missing, of a wrong type, of an unknown kind', () => {
    const ports = [{ name: 'http', port: 'eighty' }];
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 's' },
      spec: { ports, selectors: {} },
    };
    expect(schemas.problemsOf(service).join('\n')).toMatch(
      /selectors[\s\S]*must be integer|must be integer[\s\S]*selectors/,
    );
    const scaled = {
      apiVersion: 'keda.sh/v1alpha1',
      kind: 'ScaledObject',
      metadata: { name: 's' },
      spec: { scaleTargetRef: { name: 's' }, triggers: [{ type: 'cpu' }], minReplicas: 1 },
    };
    expect(schemas.problemsOf(scaled).join('\n')).toMatch(
      /metadata[\s\S]*minReplicas|minReplicas[\s\S]*metadata/,
    );
    expect(schemas.problemsOf({ ...scaled, kind: 'ScaleObject' })).toEqual([
      'there is no keda.sh/v1alpha1 ScaleObject',
    ]);
  });
});

function counted(objects: readonly KubernetesObject[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of objects) {
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, count]) => `${count} ${kind}`).join(', ');
}
