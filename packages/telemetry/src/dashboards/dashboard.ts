/** A dashboard as it is thought of: Grafana's JSON is made of it. */
export interface Dashboard {
  /** Fixed: links and bookmarks name it. */
  readonly uid: string;
  readonly title: string;
  readonly purpose: string;
  readonly variables?: readonly Variable[];
  readonly rows: readonly Row[];
}

export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

export interface Panel {
  readonly title: string;
  /** What it tells and when to worry. */
  readonly description: string;
  /** One of Grafana's. */
  readonly unit: string;
  readonly queries: readonly Query[];
  readonly type?: 'timeseries' | 'stat' | 'heatmap';
  /** From this value on it is orange, and red. */
  readonly thresholds?: { readonly warning?: number; readonly critical: number; readonly below?: boolean };
  readonly stacked?: boolean;
}

export interface Query {
  readonly expr: string;
  readonly legend: string;
}

export type Variable =
  | { readonly name: string; readonly label: string; readonly values: string }
  | { readonly name: string; readonly label: string; readonly text: string };
