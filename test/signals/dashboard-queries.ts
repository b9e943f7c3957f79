import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../photos/repository';

export interface DashboardQuery {
  readonly dashboard: string;
  readonly panel: string;
  readonly unit: string;
  readonly type: string;
  readonly expr: string;
  readonly legend: string;
}

interface PanelJson {
  readonly type: string;
  readonly title: string;
  readonly fieldConfig?: { readonly defaults: { readonly unit: string } };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

interface DashboardJson {
  readonly uid: string;
  readonly title: string;
  readonly templating: { readonly list: readonly { name: string; type: string; query: unknown }[] };
  readonly panels: readonly PanelJson[];
}

const FOLDER = join(repositoryRoot(), 'deploy', 'grafana', 'dashboards');
/** In place of what Grafana fills in: long enough for a short run. */
const WINDOW = '1m';

/** Every query of the dashboards that are shipped, with its variables filled in as Grafana does at first. */
export function dashboardQueries(): DashboardQuery[] {
  return readdirSync(FOLDER).flatMap((file) => {
    const dashboard = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as DashboardJson;
    return dashboard.panels.flatMap(({ title, type, targets = [], fieldConfig }) =>
      targets.map(({ expr, legendFormat }) => ({
        dashboard: dashboard.title,
        panel: title,
        type,
        unit: fieldConfig?.defaults.unit ?? '',
        expr: filled(expr, dashboard),
        legend: legendFormat,
      })),
    );
  });
}

function filled(expr: string, { templating }: DashboardJson): string {
  return templating.list.reduce(
    (text, { name, type, query }) => text.replaceAll(`$${name}`, type === 'textbox' ? String(query) : '.*'),
    expr.replaceAll('$__rate_interval', WINDOW),
  );
}

/** Metrics that Kubernetes has of its own, and a run without it can't: kube-state-metrics. */
export const NOT_OURS = /^kube_/;

/** Whether the query asks for what only a cluster has. */
export function needsCluster({ expr }: DashboardQuery): boolean {
  return metricsIn(expr).some((name) => NOT_OURS.test(name));
}

/** Names of metrics in an expression. */
export function metricsIn(expr: string): string[] {
  return [...new Set(expr.match(/\b(mien|kube|nats|up|ALERTS)(_[a-z0-9_]+)?\b(?=[{[)\s]|$)/g) ?? [])];
}
