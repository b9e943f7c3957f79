import { variablesOf } from './environment/secrets';
import { readAs, SERVICES, unreadBy } from './environment/services';
import { type Container, podsIn } from './policy/pods';
import { goIsThere } from './tools/go';
import { EXAMPLES, exampleFile, exampleFiles, Helm } from './tools/helm';

const NONE: Container = { name: 'none', image: '' };
const withGo = goIsThere() ? describe : describe.skip;

withGo('the environment of services in the chart', () => {
  let helm: Helm;

  const containersOf = async (files: string[], settings: string[] = []) => {
    const pods = podsIn(await helm.render(files, settings)).flatMap(({ containers }) => containers);
    return new Map(pods.map((container) => [container.name, container]));
  };

  beforeAll(async () => {
    helm = await Helm.provide();
  }, 900_000);

  describe.each(EXAMPLES)('%s', (example) => {
    let containers: Map<string, Container>;
    beforeAll(async () => {
      containers = await containersOf(exampleFiles(example));
    });

    it.each(SERVICES)('%s reads all of it, and starts with it', (service) => {
      const container = containers.get(service);
      const variables = variablesOf(container ?? { name: service, image: '' });
      expect(Object.keys(variables)).toContain('MIEN_BIND_ADDRESS');
      expect(unreadBy(service, variables)).toEqual([]);
      expect(() => readAs(service, variables)).not.toThrow();
    });
  });

  it('takes variables for all services, and for one, which win', async () => {
    const settings = ['env.MIEN_INFERENCE_THREADS=2', 'services.detector.env.MIEN_INFERENCE_THREADS=4'];
    const containers = await containersOf([exampleFile('small')], settings);
    const threads = (name: string) =>
      containers.get(name)?.env?.filter((one) => one.name === 'MIEN_INFERENCE_THREADS');
    expect(threads('embedder')).toEqual([{ name: 'MIEN_INFERENCE_THREADS', value: '2' }]);
    expect(threads('detector')).toEqual([{ name: 'MIEN_INFERENCE_THREADS', value: '4' }]);
  });

  it('runs models on the GPU where a stage has one, and only there', async () => {
    const containers = await containersOf(exampleFiles('gpu'));
    const [detector, library] = ['detector', 'library'].map((name) => containers.get(name));
    expect(variablesOf(detector ?? NONE)).toMatchObject({ MIEN_INFERENCE_PROVIDER: 'cuda' });
    expect(detector?.image).toMatch(/-cuda$/);
    expect(detector?.resources?.limits).toMatchObject({ 'nvidia.com/gpu': 1 });
    expect(variablesOf(library ?? NONE)).not.toHaveProperty('MIEN_INFERENCE_PROVIDER');
    expect(library?.image).not.toMatch(/-cuda$/);
  });

  it('notices a variable that nobody reads', () => {
    expect(unreadBy('detector', { MIEN_DETECTOR_THREAD: '1', MIEN_NATS_URL: 'nats://a:1' })).toEqual([
      'MIEN_DETECTOR_THREAD',
    ]);
  });
});
