import { LABELS, SPAN_ATTRIBUTES, SPANS } from './attributes';
import { METRICS, type MetricDefinition } from './registry';

const KINDS: Readonly<Record<MetricDefinition['kind'], string>> = {
  counter: 'counter',
  cumulative: 'counter',
  gauge: 'gauge',
  'up-down': 'gauge',
  histogram: 'histogram',
};

/** docs/telemetry.md */
export function telemetryPage(): string {
  const metrics = Object.values<MetricDefinition>(METRICS).map((metric) => [
    code(metric.name),
    KINDS[metric.kind],
    metric.unit,
    metric.labels.map(code).join(', '),
    metric.description,
    metric.services.length === 8 ? 'all' : metric.services.join(', '),
  ]);
  return `# Telemetry

What services tell of themselves: metrics for Prometheus at \`/metrics\` of the ops port, spans to the OpenTelemetry
collector that \`MIEN_OTLP_ENDPOINT\` names, and logs as JSON lines on standard output, with the ids of their trace.
This page is written from the registry, [packages/telemetry](../packages/telemetry/src/registry.ts), and a test holds it
the same: \`pnpm --filter @mien/telemetry write-files\` writes it. Instruments are made of the registry alone, so there is
no metric that is not here. [Dashboards and alerts](operations/monitoring.md) use no other.

No label and no attribute has a person, a group, a key, an address or anything reckoned from a face in it, and each label
takes few values: the number of time series does not grow with the library or with its users.

## Metrics

${table(['metric', 'type', 'unit', 'labels', 'meaning', 'of'], metrics)}

## Labels

${table(
  ['label', 'values'],
  Object.entries(LABELS).map(([name, description]) => [code(name), description]),
)}

## Spans

One trace goes from the request through the gateway and NATS to every stage: the trace context travels in the headers of
messages (\`traceparent\`, W3C Trace Context). Spans carry the attributes of OpenTelemetry's conventions for
RPC, HTTP and messaging, and those below.

${table(
  ['span', 'kind', 'meaning'],
  Object.values(SPANS).map(({ name, kind, description }) => [code(name), kind, description]),
)}

${table(
  ['attribute', 'meaning'],
  Object.values(SPAN_ATTRIBUTES).map(({ name, description }) => [code(name), description]),
)}
`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}
