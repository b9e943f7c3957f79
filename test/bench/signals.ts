import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryRoot } from '../photos/repository';
import { type DashboardQuery, dashboardQueries, needsCluster } from '../signals/dashboard-queries';
import { ObservedRun, SERVICES } from '../signals/observed-run';
import { PROMETHEUS, type PrometheusServer, type Series } from '../signals/prometheus-server';
import type { Benchmark, BenchmarkContext, Outcome } from './harness';
import { type PlottedPanel, plotDashboard } from './signals/plot';

const ROUNDS = 8;
const FOLDER = join(repositoryRoot(), '.mien', 'signals');

export const benchmark: Benchmark = {
  name: 'signals',
  goal: 'every service has traces, metrics and logs, and every query of the dashboards has data',
  run,
};

async function run(context: BenchmarkContext): Promise<Outcome> {
  if (PROMETHEUS === undefined) {
    context.print('skipped: there is no prometheus on the PATH');
    return { pass: false, figures: { skipped: true } };
  }
  const started = Date.now();
  const observed = await ObservedRun.start(ROUNDS);
  try {
    const complete = await printMatrix(observed, context);
    const seconds = Math.ceil((Date.now() - started) / 1_000);
    const all = dashboardQueries();
    const asked = all.filter((query) => !needsCluster(query));
    const answered = await answersOf(asked, observed.prometheus, seconds);
    const empty = answered.filter(({ series }) => !hasData(series));
    for (const { dashboard, panel, expr } of empty) {
      context.print(`no data: ${dashboard}, ${panel}: ${expr}`);
    }
    await plotAll(answered, context);
    return {
      pass: complete && empty.length === 0,
      figures: {
        services: SERVICES.length,
        spans: observed.otlp.spans.length,
        queries: asked.length,
        withData: asked.length - empty.length,
        onlyOnKubernetes: all.length - asked.length,
        seconds,
      },
    };
  } finally {
    await observed.stop();
  }
}

async function printMatrix(observed: ObservedRun, { print }: BenchmarkContext): Promise<boolean> {
  print('service      traces  metrics  logs');
  let complete = true;
  for (const service of SERVICES) {
    const { traces, metrics, logs } = await observed.signalsOf(service);
    print(`${service.padEnd(12)} ${String(traces).padEnd(7)} ${String(metrics).padEnd(8)} ${String(logs)}`);
    complete &&= traces && metrics && logs;
  }
  return complete;
}

type Answered = DashboardQuery & { readonly series: readonly Series[] };

async function answersOf(
  queries: readonly DashboardQuery[],
  prometheus: PrometheusServer,
  seconds: number,
): Promise<Answered[]> {
  const answered: Answered[] = [];
  for (const query of queries) {
    answered.push({ ...query, series: await prometheus.range(query.expr, seconds) });
  }
  return answered;
}

function hasData(series: readonly Series[]): boolean {
  return series.some(({ values }) => values.some(([, value]) => Number.isFinite(Number(value))));
}

async function plotAll(answered: readonly Answered[], { print }: BenchmarkContext): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  for (const [dashboard, queries] of grouped(answered, ({ dashboard }) => dashboard)) {
    const panels = [...grouped(queries, ({ panel }) => panel)].map(([title, ofPanel]): PlottedPanel => {
      const [{ unit = '', type = '' } = {}] = ofPanel;
      return { title, unit, type, queries: ofPanel };
    });
    const file = join(FOLDER, `${dashboard.replace('Mien: ', '').replaceAll(' ', '-').toLowerCase()}.png`);
    await plotDashboard(dashboard, panels, file);
    print(`plotted ${file}`);
  }
}

function grouped<T>(all: readonly T[], by: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    groups.set(by(one), [...(groups.get(by(one)) ?? []), one]);
  }
  return groups;
}
