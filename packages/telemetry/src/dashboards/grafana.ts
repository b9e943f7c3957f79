import type { Dashboard, Panel, Query, Variable } from './dashboard';

const COLUMNS = 24;
const HEIGHT = 8;
const DATASOURCE = { type: 'prometheus', uid: '$datasource' };
const TAG = 'mien';

/** The file that Grafana reads. */
export function grafanaJson(dashboard: Dashboard): object {
  return {
    uid: dashboard.uid,
    title: dashboard.title,
    description: dashboard.purpose,
    tags: [TAG],
    schemaVersion: 41,
    editable: false,
    refresh: '30s',
    time: { from: 'now-1h', to: 'now' },
    timezone: 'browser',
    graphTooltip: 1,
    links: [
      {
        type: 'dashboards',
        title: 'Mien',
        tags: [TAG],
        asDropdown: false,
        includeVars: false,
        keepTime: true,
      },
    ],
    templating: { list: [datasourceVariable(), ...(dashboard.variables ?? []).map(variableJson)] },
    panels: panelsOf(dashboard),
  };
}

function datasourceVariable(): object {
  return { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' };
}

function variableJson(variable: Variable): object {
  return 'text' in variable
    ? {
        ...pick(variable),
        type: 'textbox',
        query: variable.text,
        current: { text: variable.text, value: variable.text },
      }
    : {
        ...pick(variable),
        type: 'query',
        datasource: DATASOURCE,
        query: { query: variable.values, refId: variable.name },
        refresh: 2,
        sort: 1,
        multi: true,
        includeAll: true,
        allValue: '.*',
        current: { text: 'All', value: '$__all' },
      };
}

function pick({ name, label }: Variable): object {
  return { name, label };
}

function panelsOf({ rows, purpose }: Dashboard): object[] {
  const panels: object[] = [
    {
      type: 'text',
      title: '',
      transparent: true,
      gridPos: { x: 0, y: 0, w: COLUMNS, h: 2 },
      options: { mode: 'markdown', content: purpose },
    },
  ];
  let y = 2;
  for (const row of rows) {
    panels.push({
      type: 'row',
      title: row.title,
      collapsed: false,
      gridPos: { x: 0, y, w: COLUMNS, h: 1 },
      panels: [],
    });
    y += 1;
    const across = Math.min(3, row.panels.length);
    row.panels.forEach((panel, at) => {
      const w = COLUMNS / across;
      const line = Math.floor(at / across);
      panels.push(panelJson(panel, { x: (at % across) * w, y: y + line * HEIGHT, w, h: HEIGHT }));
    });
    y += Math.ceil(row.panels.length / across) * HEIGHT;
  }
  return panels.map((panel, at) => ({ id: at + 1, ...panel }));
}

function panelJson(panel: Panel, gridPos: object): object {
  const type = panel.type ?? 'timeseries';
  return {
    type,
    title: panel.title,
    description: panel.description,
    datasource: DATASOURCE,
    gridPos,
    fieldConfig: {
      defaults: {
        unit: panel.unit,
        min: 0,
        thresholds: thresholdsOf(panel),
        color: { mode: type === 'stat' ? 'thresholds' : 'palette-classic' },
        custom: type === 'timeseries' ? lineStyle(panel) : {},
      },
      overrides: [],
    },
    options: optionsOf(type),
    targets: panel.queries.map((query, at) => target(query, at, type)),
  };
}

function thresholdsOf({ thresholds }: Panel): object {
  const good = { color: 'green', value: null };
  if (thresholds === undefined) {
    return { mode: 'absolute', steps: [good] };
  }
  const { warning, critical, below = false } = thresholds;
  const steps = below
    ? [
        { color: 'red', value: null },
        ...(warning === undefined ? [] : [{ color: 'orange', value: critical }]),
        { color: 'green', value: warning ?? critical },
      ]
    : [
        good,
        ...(warning === undefined ? [] : [{ color: 'orange', value: warning }]),
        { color: 'red', value: critical },
      ];
  return { mode: 'absolute', steps };
}

function lineStyle({ stacked, thresholds }: Panel): object {
  return {
    lineWidth: 1,
    fillOpacity: stacked ? 30 : 8,
    showPoints: 'never',
    spanNulls: false,
    stacking: { mode: stacked ? 'normal' : 'none', group: 'A' },
    thresholdsStyle: { mode: thresholds === undefined ? 'off' : 'dashed' },
  };
}

function optionsOf(type: string): object {
  if (type === 'stat') {
    return { reduceOptions: { calcs: ['lastNotNull'] }, colorMode: 'background', graphMode: 'area' };
  }
  if (type === 'heatmap') {
    return { calculate: false, yAxis: { axisPlacement: 'left' }, color: { mode: 'scheme', scheme: 'Blues' } };
  }
  return {
    legend: { displayMode: 'table', placement: 'bottom', calcs: ['lastNotNull', 'max'], showLegend: true },
    tooltip: { mode: 'multi', sort: 'desc' },
  };
}

function target({ expr, legend }: Query, at: number, type: string): object {
  return {
    refId: String.fromCharCode('A'.charCodeAt(0) + at),
    datasource: DATASOURCE,
    expr,
    legendFormat: type === 'heatmap' ? '{{le}}' : legend,
    format: type === 'heatmap' ? 'heatmap' : 'time_series',
    // Where Prometheus has exemplars of a histogram, they lead to its traces.
    exemplar: expr.includes('_bucket'),
    range: true,
  };
}
