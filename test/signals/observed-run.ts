import { type ProcessPlatform, startProcessEach } from '@mien/platform';
import { MienClient } from '@mien/sdk';
import { METRICS, type ServiceName } from '@mien/telemetry';
import { CallbackReceiver } from '../e2e/callback-receiver';
import { type TestSettings, testSettings } from '../e2e/test-platform';
import { singleFaces } from '../photos/single-faces';
import { OtlpReceiver } from './otlp-receiver';
import { PrometheusServer } from './prometheus-server';
import { type DrivenTraces, drive, prepare } from './traffic';

export const SERVICES: readonly ServiceName[] = METRICS.started.services;

/** Who works on a detection with all features, and on a search. */
export const DETECTING = ['attributes', 'detector', 'embedder', 'gateway', 'landmark', 'liveness'];
export const SEARCHING = ['detector', 'embedder', 'gateway', 'landmark', 'library'];

/** Processes send their spans in batches, every few seconds. */
const SPANS_WITHIN_MS = 60_000;

export interface Signals {
  readonly traces: boolean;
  readonly metrics: boolean;
  readonly logs: boolean;
}

/** A platform of a process for each service, whose signals are all taken in, and some traffic over it. */
export class ObservedRun {
  private constructor(
    private readonly settings: TestSettings,
    private readonly platform: ProcessPlatform,
    private readonly client: MienClient,
    private readonly receiver: CallbackReceiver,
    private readonly logs: ReadonlyMap<string, readonly Record<string, unknown>[]>,
    readonly otlp: OtlpReceiver,
    readonly prometheus: PrometheusServer,
    readonly traces: DrivenTraces,
  ) {}

  static async start(rounds: number): Promise<ObservedRun> {
    const settings = await testSettings('signals');
    const [otlp, receiver] = await Promise.all([OtlpReceiver.listen(), CallbackReceiver.listen()]);
    const logs = new Map<string, Record<string, unknown>[]>();
    const platform = await startProcessEach(
      {
        ...settings.env,
        MIEN_LOG_LEVEL: 'info',
        MIEN_CALLBACK_ALLOWED_NETWORKS: '127.0.0.1/32',
        OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url,
      },
      (line) => keep(line, logs),
    );
    const targets = SERVICES.map((service) => ({ service, address: opsAddressOf(service, logs) }));
    const prometheus = await PrometheusServer.start(targets);
    const client = new MienClient(platform.grpcAddress, { timeoutMs: 120_000 });
    const traffic = { client, receiver, httpAddress: platform.httpAddress, faces: await singleFaces(client) };
    const endpointId = await prepare(traffic);
    let traces = await drive(traffic, endpointId);
    for (let round = 1; round < rounds; round++) {
      // A rate is of two scrapes with something between them.
      await prometheus.scrapedAll();
      traces = await drive(traffic, endpointId);
    }
    // What the library tells of itself it looks up every 15 s.
    await prometheus.until(async () => ((await prometheus.value(METRICS.recallProbe.name)) ?? 0) > 0);
    await prometheus.scrapedAll();
    await otlp.until(
      () =>
        DETECTING.every((service) => otlp.servicesOf(traces.detect).has(service)) &&
        SEARCHING.every((service) => otlp.servicesOf(traces.search).has(service)) &&
        SERVICES.every((service) => otlp.spans.some((span) => span.service === service)),
      SPANS_WITHIN_MS,
    );
    return new ObservedRun(settings, platform, client, receiver, logs, otlp, prometheus, traces);
  }

  async signalsOf(service: ServiceName): Promise<Signals> {
    const names = await this.prometheus.namesOf(service);
    const logs = this.logs.get(service) ?? [];
    return {
      traces: this.otlp.spans.some((span) => span.service === service),
      metrics: names.some((name) => name.startsWith('mien_')),
      logs: logs.some(({ level, time, msg }) => level !== undefined && time !== undefined && msg === 'ready'),
    };
  }

  async stop(): Promise<void> {
    this.client.close();
    await this.prometheus.stop();
    await this.platform.stop();
    this.receiver.close();
    this.otlp.close();
    await this.settings.remove();
  }
}

/** Services call themselves so. */
const PREFIX = /^mien-/;

function keep(line: string, logs: Map<string, Record<string, unknown>[]>): void {
  if (!line.startsWith('{')) {
    return;
  }
  const entry = JSON.parse(line) as Record<string, unknown>;
  const service = String(entry['service']).replace(PREFIX, '');
  logs.set(service, [...(logs.get(service) ?? []), entry]);
}

function opsAddressOf(
  service: ServiceName,
  logs: ReadonlyMap<string, readonly Record<string, unknown>[]>,
): string {
  const ready = logs.get(service)?.find(({ msg }) => msg === 'ready');
  if (ready === undefined) {
    throw new Error(`${service} did not log that it is ready`);
  }
  return `127.0.0.1:${String(ready['opsPort'])}`;
}
