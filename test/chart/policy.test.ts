import { type Container, podsIn } from './policy/pods';
import { type Breach, breachesOf, RULES } from './policy/rules';
import { goIsThere } from './tools/go';
import { EXAMPLES, exampleFiles, Helm, type KubernetesObject } from './tools/helm';

const withGo = goIsThere() ? describe : describe.skip;

withGo('what runs of the chart', () => {
  const rendered = new Map<string, KubernetesObject[]>();

  beforeAll(async () => {
    const helm = await Helm.provide();
    for (const example of EXAMPLES) {
      rendered.set(example, await helm.render(exampleFiles(example)));
    }
  }, 900_000);

  it.each(EXAMPLES)('%s: breaks no rule', (example) => {
    const pods = podsIn(rendered.get(example) ?? []);
    const breaches = pods.flatMap(breachesOf);
    console.log(
      tableOf(
        example,
        breaches,
        pods.length,
        pods.flatMap(({ containers }) => containers),
      ),
    );
    expect(breaches).toEqual([]);
    expect(pods.length).toBeGreaterThan(8);
  });

  it.each(EXAMPLES)(
    '%s: each pod has a policy of the network over it that denies what is not said',
    (example) => {
      const objects = rendered.get(example) ?? [];
      const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy');
      const selectors = policies.map(({ spec }) => {
        const { podSelector, policyTypes } = spec as {
          podSelector: { matchLabels: Record<string, string> };
          policyTypes: string[];
        };
        return { labels: Object.entries(podSelector.matchLabels), both: policyTypes.length === 2 };
      });
      const uncovered = podsIn(objects).filter(
        ({ labels }) =>
          !selectors.some((one) => one.both && one.labels.every(([name, value]) => labels[name] === value)),
      );
      expect(uncovered.map(({ name }) => name)).toEqual([]);
    },
  );

  it('finds every breach in a pod that has them all', () => {
    const careless = {
      name: 'careless',
      image: 'nginx:latest',
      env: [{ name: 'ADMIN_PASSWORD', value: 'admin' }],
    };
    const object = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'careless' },
      spec: { template: { metadata: {}, spec: { hostNetwork: true, containers: [careless] } } },
    };
    const found = podsIn([object]).flatMap(breachesOf);
    expect([...new Set(found.map(({ rule }) => rule))].sort()).toEqual(RULES.map(({ name }) => name).sort());
  });
});

function tableOf(
  example: string,
  breaches: readonly Breach[],
  pods: number,
  containers: readonly Container[],
): string {
  const lines = RULES.map(({ name }) => {
    const broken = breaches.filter(({ rule }) => rule === name).length;
    return `  ${name.padEnd(40)} ${broken === 0 ? 'kept' : `broken by ${broken}`}`;
  });
  return [`${example}: ${pods} pods, ${containers.length} containers`, ...lines].join('\n');
}
