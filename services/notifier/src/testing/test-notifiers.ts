import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Bus,
  CALLBACKS_STREAM,
  findNatsServer,
  type NatsServer,
  RULES_CONSUMER,
  startNatsServer,
} from '@mien/bus';
import {
  EndpointStore,
  personMatched,
  provisionNotifications,
  publishEvent,
  queueCallback,
  RuleStore,
  type StoredEndpoint,
  type StoredRule,
  strangerSeen,
} from '@mien/notifications';
import { parseNetwork } from '@mien/outbound';
import { baseConfigSchema, parseConfig, startTelemetry, type Telemetry } from '@mien/service';
import type { JsMsg } from '@nats-io/jetstream';
import pino, { type Logger } from 'pino';
import type { NotifierConfig } from '../config';
import { type Pace, type RunningNotifier, startNotifier } from '../start-notifier';

/** Retries at once, and leaves nobody alone for long. */
export const QUICK: Pace = {
  schedule: { delayMs: () => 20, lifetimeMs: 86_400_000 },
  circuitRules: { failures: 1_000_000, openMs: 100, longestOpenMs: 100 },
};

/** A real nats-server with notifiers on it. */
export class TestNotifiers {
  private readonly running: { notifier: RunningNotifier; bus: Bus }[] = [];

  private constructor(
    /** What notifiers log. */
    private readonly log: LogLines,
    readonly logger: Logger,
    private server: NatsServer,
    readonly folder: string,
    readonly telemetry: Telemetry,
    readonly bus: Bus,
    readonly endpoints: EndpointStore,
    readonly rules: RuleStore,
  ) {}

  static async start(): Promise<TestNotifiers> {
    const folder = await mkdtemp(join(tmpdir(), 'mien-notifier-'));
    const server = await startNatsServer({ binary: natsBinary(), dataDir: join(folder, 'nats') });
    const telemetry = startTelemetry({ service: 'test', otlpEndpoint: undefined });
    const log = new LogLines();
    const logger = pino({ level: 'debug' }, log);
    const bus = await Bus.connect({ servers: [server.url], name: 'test', logger });
    await provisionNotifications(bus, { replicas: 1 });
    const endpoints = await EndpointStore.open(bus, undefined);
    const rules = await RuleStore.open(bus);
    return new TestNotifiers(log, logger, server, folder, telemetry, bus, endpoints, rules);
  }

  async notifier(pace: Pace = QUICK, config: Partial<NotifierConfig> = {}): Promise<RunningNotifier> {
    const bus = await this.connect();
    const { base } = parseConfig({ base: baseConfigSchema }, {});
    const { telemetry, logger } = this;
    const usual = { allowedNetworks: [parseNetwork('127.0.0.1/32')], timeoutMs: 5_000, concurrency: 4 };
    const notifier = await startNotifier(
      { bus, config: base, telemetry, logger },
      { ...usual, ...config },
      pace,
    );
    this.running.push({ notifier, bus });
    return notifier;
  }

  endpoint(url: string): Promise<StoredEndpoint> {
    return this.endpoints.create({ url, name: 'test', keyId: 'key' });
  }

  rule(endpointId: string, wanted: Partial<StoredRule>): Promise<StoredRule> {
    return this.rules.create({
      name: 'test',
      groupIds: [],
      strangers: false,
      sources: [],
      minimumScore: 0,
      quietSeconds: 0,
      keyId: 'key',
      reach: [],
      ...wanted,
      endpointId,
    });
  }

  /** Queues callbacks with ids of their own. */
  async queue(endpointId: string, ...ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const event = strangerSeen({ source: 'door', groupIds: ['staff'] }, { id, at: new Date() });
      await queueCallback(this.bus, { id, endpointId, event });
    }
  }

  async matched(
    id: string,
    seen: { source?: string; personId?: string; groupIds?: string[]; score?: number; at?: Date },
  ): Promise<void> {
    const { source = 'door', personId = 'ada', groupIds = ['staff'], score = 80, at = new Date() } = seen;
    const faceId = '6b4a34d2-0d52-4a0c-9b7a-1d7f6f0a5a11';
    await publishEvent(this.bus, personMatched({ source, personId, faceId, groupIds, score }, { id, at }));
  }

  async stranger(id: string, seen: { source?: string; groupIds?: string[]; at?: Date }): Promise<void> {
    const { source = 'door', groupIds = ['staff'], at = new Date() } = seen;
    await publishEvent(this.bus, strangerSeen({ source, groupIds }, { id, at }));
  }

  get url(): string {
    return this.server.url;
  }

  get lines(): readonly string[] {
    return this.log.lines;
  }

  /** Resolves when a line with the text is logged, from now on. */
  logged(text: string): Promise<void> {
    return this.log.next(text);
  }

  /** Resolves when our own connection is back. */
  reconnected(): Promise<void> {
    return new Promise((resolve) => {
      const forget = this.bus.onReconnect(() => {
        forget();
        resolve();
      });
    });
  }

  /** The messages of a stream, first to last and on. */
  async follow(stream: string): Promise<AsyncIterable<JsMsg>> {
    const consumer = await this.bus.js.consumers.get(stream);
    return consumer.consume();
  }

  /** Resolves when everything in the events' stream was worked through. */
  async idle(stream: string): Promise<void> {
    for (;;) {
      const { num_pending, num_ack_pending } = await this.bus.jsm.consumers.info(stream, RULES_CONSUMER);
      if (num_pending === 0 && num_ack_pending === 0) {
        return;
      }
    }
  }

  /** Resolves when no callback waits any more. */
  async callbacksGone(): Promise<void> {
    for (;;) {
      const { state } = await this.bus.jsm.streams.info(CALLBACKS_STREAM);
      if (state.messages === 0) {
        return;
      }
    }
  }

  private connect(): Promise<Bus> {
    return Bus.connect({ servers: [this.server.url], name: 'test', logger: this.logger });
  }

  /** SIGKILL, and a new server on the same port and store. */
  async crashServer(): Promise<void> {
    await this.server.kill();
    const { port } = this.server;
    this.server = await startNatsServer({ binary: natsBinary(), dataDir: join(this.folder, 'nats'), port });
  }

  async stop(): Promise<void> {
    for (const { notifier, bus } of this.running) {
      await notifier.drain(0);
      await bus.close();
    }
    await this.bus.close();
    await this.telemetry.shutdown();
    await this.server.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

function natsBinary(): string {
  return findNatsServer({
    explicit: process.env['MIEN_NATS_SERVER'],
    path: process.env['PATH'],
    folders: [join(__dirname, '../../../../.mien/bin')],
  });
}

/** Where the log goes. */
class LogLines {
  readonly lines: string[] = [];
  private readonly waiting = new Set<{ readonly text: string; readonly done: () => void }>();

  write(line: string): void {
    this.lines.push(line);
    for (const waiter of this.waiting) {
      if (line.includes(waiter.text)) {
        this.waiting.delete(waiter);
        waiter.done();
      }
    }
  }

  next(text: string): Promise<void> {
    return new Promise((done) => this.waiting.add({ text, done }));
  }
}
