import { STAGE_NAMES } from '@mien/bus';
import { SERVICES } from './environment/services';
import { PolicedNetwork } from './policy/network';
import { goIsThere } from './tools/go';
import { exampleFile, Helm } from './tools/helm';

const withGo = goIsThere() ? describe : describe.skip;

const LINE = ['minio:s3', 'nats:client'];
/** All that a release with its own servers has anybody reach. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(STAGE_NAMES.map((stage) => [stage, LINE])),
  gateway: ['library:grpc', ...LINE],
  library: [...LINE, 'postgres:postgres', 'qdrant:http'],
  notifier: LINE,
  'nats-provision': ['nats:client'],
  'database-migration': ['postgres:postgres'],
  test: ['gateway:grpc', 'gateway:http', ...SERVICES.map((service) => `${service}:ops`)],
  nats: [],
  postgres: [],
  qdrant: [],
  minio: [],
};

withGo('the network of a release', () => {
  let network: PolicedNetwork;
  beforeAll(async () => {
    const helm = await Helm.provide();
    // Tests and jobs are pods like all others; the gateway is called by an ingress in another namespace only.
    const from = 'networkPolicy.gatewayFrom[0].namespaceSelector.matchLabels.name=ingress';
    network = new PolicedNetwork(await helm.render([exampleFile('small')], [from]));
  }, 900_000);

  it('is of pods that are all accounted for', () => {
    expect([...network.pods.keys()].sort()).toEqual(Object.keys(EXPECTED).sort());
  });

  it.each(Object.keys(EXPECTED))('%s reaches what it uses and nothing else', (component) => {
    expect(network.reachedFrom(component).sort()).toEqual([...(EXPECTED[component] ?? [])].sort());
  });

  it.each(Object.keys(EXPECTED))(
    '%s reaches no private network and no metadata of a cloud, from the internet what it may',
    (component) => {
      const fetches = component === 'gateway' || component === 'notifier';
      expect(network.reachesAddress(component, '203.0.113.7', 443)).toBe(fetches);
      expect(network.reachesAddress(component, '203.0.113.7', 25)).toBe(false);
      for (const inner of ['10.1.2.3', '172.20.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1']) {
        expect(network.reachesAddress(component, inner, 80)).toBe(false);
      }
    },
  );
});
