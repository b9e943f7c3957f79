import { CAPACITY } from './capacity';
import type { Dashboard } from './dashboard';
import { grafanaJson } from './grafana';
import { LIBRARY_DASHBOARD } from './library';
import { LINE } from './line';
import { OVERVIEW } from './overview';
import { QUALITY } from './quality';
import { RUNTIME } from './runtime';

/** Every dashboard, by the name of its file. */
export const DASHBOARDS: Readonly<Record<string, Dashboard>> = {
  overview: OVERVIEW,
  line: LINE,
  library: LIBRARY_DASHBOARD,
  quality: QUALITY,
  runtime: RUNTIME,
  'capacity-and-cost': CAPACITY,
};

/** What deploy/grafana/dashboards holds, by file. */
export function dashboardFiles(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(DASHBOARDS).map(([name, dashboard]) => [
      `${name}.json`,
      `${JSON.stringify(grafanaJson(dashboard), undefined, 2)}\n`,
    ]),
  );
}
