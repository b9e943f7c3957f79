import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LANES, STAGE_CATALOG, STAGE_NAMES, type StageName } from '@mien/bus';
import { parse } from 'yaml';
import { goIsThere } from './tools/go';
import { CHART, exampleFile, Helm, type KubernetesObject } from './tools/helm';

const withGo = goIsThere() ? describe : describe.skip;

interface Trigger {
  readonly type: string;
  readonly metadata: Readonly<Record<string, string>>;
}

interface StageValues {
  readonly stage?: boolean;
  readonly cpuMillisecondsPerJob?: number;
  readonly concurrency?: number;
  readonly maxAckPending?: number;
}

const VALUES = parse(readFileSync(join(CHART, 'values.yaml'), 'utf8')) as {
  services: Record<string, StageValues>;
};

describe('the stages of the chart', () => {
  const stages = Object.entries(VALUES.services).filter(([, { stage }]) => stage === true);

  it('are those of the catalog', () => {
    expect(stages.map(([name]) => name).sort()).toEqual([...STAGE_NAMES].sort());
  });

  it.each(STAGE_NAMES)('%s: hands out at once what the catalog says', (stage) => {
    expect(VALUES.services[stage]?.maxAckPending).toBe(STAGE_CATALOG[stage].maxAckPending);
  });
});

withGo('scaling', () => {
  let helm: Helm;
  beforeAll(async () => {
    helm = await Helm.provide();
  }, 900_000);

  const scaledObjects = async (settings: string[] = []) =>
    new Map(
      (await helm.render([exampleFile('production')], settings))
        .filter(({ kind }) => kind === 'ScaledObject')
        .map((object) => [object.metadata.name, triggersOf(object)]),
    );

  it('asks for each lane of each stage', async () => {
    const triggers = await scaledObjects();
    const asked = STAGE_NAMES.map((stage) =>
      (triggers.get(`mien-${stage}`) ?? []).flatMap(({ metadata }) => metadata['consumer'] ?? []),
    );
    expect(asked.map((consumers) => [...consumers].sort())).toEqual(
      STAGE_NAMES.map((stage) => LANES.map((lane) => `${stage}-${lane}`).sort()),
    );
  });

  it('scales stages by processor time as well, but for those on a GPU', async () => {
    for (const triggers of (await scaledObjects()).values()) {
      expect(triggers.filter(({ type }) => type === 'cpu')).toMatchObject([
        { metricType: 'Utilization', metadata: { value: '70' } },
      ]);
    }
    const onGpu = await scaledObjects(['services.detector.gpu=true']);
    expect(onGpu.get('mien-detector')?.some(({ type }) => type === 'cpu')).toBe(false);
  });

  it('runs as many pods as keep the wait within what is wanted, by the measured rate', async () => {
    // A detector that is sure of one processor and takes 410 ms of it for a photo does 2.44 a second, two at a time.
    const expected = (seconds: number) => String(2 + Math.floor((1000 / 410) * seconds));
    expect(thresholds(await scaledObjects(), 'detector')).toEqual({
      interactive: expected(1),
      batch: expected(60),
    });
    const longer = await scaledObjects(['scaling.wantedWaitSeconds.batch=600']);
    expect(thresholds(longer, 'detector')['batch']).toBe(expected(600));
  });

  it('takes half a processor for half the rate, and a told rate before a computed one', async () => {
    const half = await scaledObjects(['services.detector.resources.requests.cpu=500m']);
    expect(thresholds(half, 'detector')['batch']).toBe(String(2 + Math.floor((500 / 410) * 60)));
    const told = await scaledObjects(['services.detector.jobsPerSecond=50']);
    expect(thresholds(told, 'detector')['batch']).toBe('3002');
  });

  it('scales stages by processor time without KEDA', async () => {
    const objects = await helm.render([exampleFile('production')], ['scaling.keda=false']);
    const scaled = objects
      .filter(({ kind }) => kind === 'HorizontalPodAutoscaler')
      .map(({ metadata }) => metadata.name);
    expect(scaled).toEqual(expect.arrayContaining(STAGE_NAMES.map((stage) => `mien-${stage}`)));
    expect(objects.filter(({ kind }) => kind === 'ScaledObject')).toEqual([]);
  });

  it('has one scaler for each deployment', async () => {
    const objects = await helm.render([exampleFile('production')]);
    const targets = objects
      .filter(({ kind }) => kind === 'ScaledObject' || kind === 'HorizontalPodAutoscaler')
      .map(({ spec }) => (spec as { scaleTargetRef: { name: string } }).scaleTargetRef.name);
    const deployments = objects
      .filter(({ kind }) => kind === 'Deployment')
      .map(({ metadata }) => metadata.name);
    expect([...targets].sort()).toEqual([...deployments].sort());
  });
});

function triggersOf({ spec }: KubernetesObject): Trigger[] {
  return (spec as { triggers: Trigger[] }).triggers;
}

function thresholds(objects: Map<string, Trigger[]>, stage: StageName): Record<string, string | undefined> {
  return Object.fromEntries(
    (objects.get(`mien-${stage}`) ?? [])
      .filter(({ type }) => type === 'nats-jetstream')
      .map(({ metadata }) => [metadata['consumer']?.split('-')[1] ?? '', metadata['lagThreshold']]),
  );
}
