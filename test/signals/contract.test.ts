import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dashboardFiles, METRICS } from '@mien/telemetry';
import { parse } from 'yaml';
import { repositoryRoot } from '../photos/repository';
import { dashboardQueries, metricsIn, NOT_OURS } from './dashboard-queries';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook_url: string };
}

const ROOT = repositoryRoot();
const DASHBOARDS = join(ROOT, 'deploy', 'grafana', 'dashboards');
const RULES = join(ROOT, 'deploy', 'prometheus', 'rules');

const RULE_LIST = readdirSync(RULES).flatMap((file) => {
  const { groups } = parse(readFileSync(join(RULES, file), 'utf8')) as { groups: { rules: Rule[] }[] };
  return groups.flatMap(({ rules }) => rules);
});

/** Prometheus's own. */
const OF_PROMETHEUS = ['up'];

function isRegistered(name: string): boolean {
  return (
    OF_PROMETHEUS.includes(name) ||
    Object.values(METRICS).some((metric) =>
      metric.kind === 'histogram'
        ? ['_bucket', '_sum', '_count'].some((part) => name === metric.name + part)
        : name === metric.name,
    )
  );
}

function json(text: string): unknown {
  return JSON.parse(text);
}

describe('dashboards', () => {
  it('are those of packages/telemetry: pnpm --filter @mien/telemetry write-files', () => {
    const shipped = readdirSync(DASHBOARDS).map((file) => [
      file,
      json(readFileSync(join(DASHBOARDS, file), 'utf8')),
    ]);
    const written = Object.entries(dashboardFiles()).map(([file, text]) => [file, json(text)]);
    expect(Object.fromEntries(shipped)).toEqual(Object.fromEntries(written));
  });

  it('name no metric that no service emits', () => {
    const queries = dashboardQueries();
    const unknown = queries.flatMap(({ expr }) =>
      metricsIn(expr).filter((name) => !isRegistered(name) && !NOT_OURS.test(name)),
    );
    expect(queries.every(({ expr }) => metricsIn(expr).length > 0)).toBe(true);
    expect(unknown).toEqual([]);
  });

  it('have a fixed uid each, a unit for each panel, and ask the chosen data source', () => {
    const dashboards = readdirSync(DASHBOARDS).map((file) =>
      JSON.parse(readFileSync(join(DASHBOARDS, file), 'utf8')),
    );
    expect(new Set(dashboards.map(({ uid }) => uid)).size).toBe(dashboards.length);
    for (const { uid, panels, templating } of dashboards) {
      expect(uid).toMatch(/^mien-[a-z]+$/);
      expect(templating.list[0]).toMatchObject({ name: 'datasource', type: 'datasource' });
      for (const panel of panels.filter(({ targets }: { targets?: unknown }) => targets !== undefined)) {
        expect(panel.datasource.uid).toBe('$datasource');
        expect(panel.description.length).toBeGreaterThan(0);
        expect(panel.fieldConfig.defaults.unit.length).toBeGreaterThan(0);
      }
    }
  });
});

describe('alerts', () => {
  it.each(RULE_LIST)(
    '$alert names metrics that services emit, and its runbook is there',
    ({ expr, annotations, labels }) => {
      expect(metricsIn(expr).length).toBeGreaterThan(0);
      expect(metricsIn(expr).filter((name) => !isRegistered(name))).toEqual([]);
      expect(['critical', 'warning']).toContain(labels.severity);
      expect(existsSync(join(ROOT, annotations.runbook_url))).toBe(true);
      const page = readFileSync(join(ROOT, annotations.runbook_url), 'utf8');
      for (const part of ['Meaning', 'Impact', 'What to look at', 'What to do']) {
        expect(page).toContain(`**${part}.**`);
      }
      expect(page).toContain(expr);
    },
  );

  it('have no runbook too many', () => {
    const pages = readdirSync(join(ROOT, 'docs', 'runbooks')).filter((file) => file !== 'README.md');
    expect(pages.sort()).toEqual(RULE_LIST.map(({ alert }) => `${alert}.md`).sort());
  });
});
