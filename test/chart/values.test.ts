import { goIsThere } from './tools/go';
import { exampleFile, Helm } from './tools/helm';

const withGo = goIsThere() ? describe : describe.skip;

withGo('values that could not work', () => {
  let helm: Helm;
  beforeAll(async () => {
    helm = await Helm.provide();
  }, 900_000);

  it.each([
    ['nats.external.url', 'nats.external.url is missing: the address of NATS'],
    ['qdrant.external.url', 'qdrant.external.url is missing'],
    ['objectStore.external.endpoint', 'objectStore.external.endpoint is missing'],
    ['postgres.existingSecret', 'postgres.existingSecret is missing: a secret with database-url'],
    ['objectStore.existingSecret', 'a secret with access-key and secret-key'],
    ['nats.existingSecret', 'as `mien nats-permissions` makes them'],
    ['nats.external.monitoringEndpoint', 'host:port of NATS'],
    ['auth.existingSecret', "the first admin's API key"],
    ['encryption.existingSecret', 'openssl rand -base64 32'],
    ['tls.internal.existingSecret', 'tls.internal.existingSecret is missing'],
    ['tls.gateway.existingSecret', 'tls.gateway.existingSecret is missing'],
  ])('production without %s: says what is missing', async (setting, message) => {
    await expect(helm.render([exampleFile('production')], [`${setting}=`])).rejects.toThrow(message);
  });

  it.each([
    ['services.detector.replicas.minimum=50', 'minimum is more than maximum'],
    ['services.detector.concurrency=1000', 'further pods would idle'],
    ['pods.terminationGracePeriodSeconds=30', 'pods would be killed at work'],
    ['gatewayApi.parentRefs=null', 'the Gateways that the routes attach to'],
  ])('%s: says why not', async (setting, message) => {
    await expect(helm.render([exampleFile('production')], [setting])).rejects.toThrow(message);
  });

  it('refuses copies of streams on a single server', async () => {
    const settings = ['nats.streamReplicas=3'];
    await expect(helm.render([exampleFile('small')], settings)).rejects.toThrow('is a single server');
  });

  it.each([
    ['scaling.kedo=true', "additional properties 'kedo' not allowed"],
    ['services.detecter.enabled=true', "additional properties 'detecter' not allowed"],
    ['nats.deploy=yes', '/nats/deploy'],
    ['services.detector.resources.limits.memory=lots', 'memory'],
    ['nats.external.monitoringEndpoint=http://nats:8222', 'monitoringEndpoint'],
    ['services.gateway.env.lower=1', 'lower'],
  ])('the schema refuses %s', async (setting, message) => {
    await expect(helm.render([exampleFile('production')], [setting])).rejects.toThrow(message);
  });
});
