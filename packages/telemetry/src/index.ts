export { LABELS, SPAN_ATTRIBUTES, SPANS } from './attributes';
export { telemetryPage } from './document';
export { counter, histogram, observe, upDownCounter } from './instruments';
export { METRICS, type ServiceName } from './registry';
