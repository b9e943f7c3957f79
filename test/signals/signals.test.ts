import { METRICS, type ServiceName } from '@mien/telemetry';
import { dashboardQueries, needsCluster } from './dashboard-queries';
import { DETECTING, ObservedRun, SEARCHING, SERVICES } from './observed-run';
import { PROMETHEUS } from './prometheus-server';

/** Metrics that have no value until something goes wrong. */
const ONLY_IN_TROUBLE: readonly string[] = [METRICS.redeliveries.name, METRICS.deadLetters.name];
/** Metrics that a service of theirs has only after what this run does not do. */
const NOT_DRIVEN: Readonly<Partial<Record<ServiceName, readonly string[]>>> = {
  // Upgrades to other models alone have the library send jobs down the line, and duplicate checks stream.
  library: [METRICS.clientDuration.name, METRICS.rpcOpenStreams.name, METRICS.rpcStreamMessages.name],
  // An endpoint has to fail for a while.
  notifier: [METRICS.callbackCircuits.name],
};

const withPrometheus = PROMETHEUS === undefined ? describe.skip : describe;
if (PROMETHEUS === undefined) {
  console.log('signals: skipped, there is no prometheus on the PATH');
}

withPrometheus('signals of a run', () => {
  let run: ObservedRun;
  beforeAll(async () => {
    run = await ObservedRun.start(2);
  }, 600_000);
  afterAll(() => run?.stop());

  it.each(SERVICES)('%s has traces, metrics and logs', async (service) => {
    expect(await run.signalsOf(service)).toEqual({ traces: true, metrics: true, logs: true });
  });

  it('are one trace over gateway, NATS and every stage', () => {
    expect([...run.otlp.servicesOf(run.traces.detect)].sort()).toEqual(DETECTING);
    expect([...run.otlp.servicesOf(run.traces.search)].sort()).toEqual(SEARCHING);
    const spans = run.otlp.spans.filter(({ traceId }) => traceId === run.traces.detect);
    const ids = new Set(spans.map(({ spanId }) => spanId));
    // All but the request's, whose parent is the caller's.
    expect(spans.filter(({ parentSpanId }) => !ids.has(parentSpanId))).toHaveLength(1);
  });

  it.each(SERVICES)('%s emits what the registry says, and nothing else', async (service) => {
    const known = Object.values(METRICS).filter(({ services }) => services.some((one) => one === service));
    const emitted = new Set(
      (await run.prometheus.namesOf(service))
        .filter((name) => name.startsWith('mien_'))
        .map((name) => baseOf(name)),
    );
    const names = known.map(({ name }) => name as string);
    expect([...emitted].filter((name) => !names.includes(name))).toEqual([]);
    const excused = [...ONLY_IN_TROUBLE, ...(NOT_DRIVEN[service] ?? [])];
    expect(names.filter((name) => !emitted.has(name) && !excused.includes(name))).toEqual([]);
  });

  it.each(dashboardQueries().filter((query) => !needsCluster(query)))(
    'has data for $dashboard, $panel, $legend',
    async ({ expr }) => {
      const series = await run.prometheus.range(expr, 60);
      const finite = series
        .flatMap(({ values }) => values)
        .filter(([, value]) => Number.isFinite(Number(value)));
      expect(finite.length).toBeGreaterThan(0);
    },
  );

  it('lets every rule be evaluated', async () => {
    const rules = await run.prometheus.rules();
    expect(rules.length).toBeGreaterThan(0);
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
  });
});

/** A histogram has several names. */
function baseOf(name: string): string {
  const base = name.replace(/_(bucket|sum|count)$/, '');
  const isHistogram = Object.values(METRICS).some(
    (metric) => metric.kind === 'histogram' && metric.name === base,
  );
  return isHistogram ? base : name;
}
