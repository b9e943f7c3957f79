export { LABELS, SPAN_ATTRIBUTES, SPANS } from './attributes';
export { DASHBOARDS, dashboardFiles } from './dashboards';
export type { Dashboard } from './dashboards/dashboard';
export { counter, histogram, observe, upDownCounter } from './instruments';
export { METRICS, type ServiceName } from './registry';
