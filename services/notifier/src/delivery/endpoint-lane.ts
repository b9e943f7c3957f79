import { type Bus, CALLBACKS_STREAM, type Delivery, Puller } from '@mien/bus';
import { asMienError, MienError } from '@mien/errors';
import {
  buryCallback,
  type Callback,
  callbackIn,
  endpointConsumer,
  type StoredEndpoint,
} from '@mien/notifications';
import type { Logger } from 'pino';
import type { NotifierMetrics } from '../metrics';
import type { CallbackSender } from './callback-sender';
import { Circuit, type CircuitRules } from './circuit';
import type { RetrySchedule } from './retry-schedule';

export interface LaneOptions {
  readonly bus: Bus;
  readonly sender: CallbackSender;
  readonly schedule: RetrySchedule;
  readonly circuitRules: CircuitRules;
  /** Callbacks under way to one endpoint at once. */
  readonly concurrency: number;
  readonly random: () => number;
  readonly metrics: NotifierMetrics;
  readonly logger: Logger;
}

/** Takes an endpoint's callbacks from its own queue and delivers them. Nobody else waits for this endpoint. */
export class EndpointLane {
  private readonly circuit: Circuit;
  private readonly puller: Puller;
  /** By place in the queue: a redelivery replaces the delivery, so that the newest is answered. */
  private readonly held = new Map<number, Delivery>();
  private readonly logger: Logger;
  private lastProblem: MienError | undefined;
  private reopening: NodeJS.Timeout | undefined;
  private whenEmpty: () => void = () => undefined;
  private closed = false;

  constructor(
    private endpoint: StoredEndpoint,
    private readonly options: LaneOptions,
  ) {
    const { bus, circuitRules, random } = options;
    this.logger = options.logger.child({ endpointId: endpoint.id });
    this.circuit = new Circuit(circuitRules, () => performance.now(), random);
    this.puller = new Puller({
      bus,
      logger: this.logger,
      stream: CALLBACKS_STREAM,
      consumer: endpointConsumer(endpoint.id),
      want: () => this.circuit.allowed(options.concurrency) - this.held.size,
      deliver: (delivery) => this.receive(delivery),
    });
  }

  /** The endpoint as it is now: its secrets may have changed. */
  renew(endpoint: StoredEndpoint): void {
    this.endpoint = endpoint;
  }

  /** Tells the server that what is under way still is. */
  beat(): void {
    for (const delivery of this.held.values()) {
      delivery.working();
    }
  }

  /** Takes no more. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.reopening);
    if (this.circuit.open) {
      this.options.metrics.openCircuits.add(-1);
    }
    await this.puller.drain();
  }

  /** Resolves when nothing is under way any more. */
  async empty(): Promise<void> {
    if (this.held.size > 0) {
      await new Promise<void>((resolve) => {
        this.whenEmpty = resolve;
      });
    }
  }

  private receive(delivery: Delivery): void {
    const known = this.held.has(delivery.sequence);
    this.held.set(delivery.sequence, delivery);
    if (!known) {
      void this.finish(delivery);
    }
  }

  private async finish(delivery: Delivery): Promise<void> {
    try {
      await this.handle(callbackIn(delivery), delivery.sequence);
    } catch (error) {
      // The bus failed us: the ack wait runs out and the callback comes again.
      this.logger.error({ err: error }, 'a callback could not be settled; it comes again');
    }
    this.held.delete(delivery.sequence);
    if (this.held.size === 0) {
      this.whenEmpty();
    }
    if (!this.closed) {
      this.puller.pump();
      this.pumpWhenReopened();
    }
  }

  private async handle(callback: Callback, sequence: number): Promise<void> {
    const ageMs = Date.now() - callback.createdAt.getTime();
    if (ageMs > this.options.schedule.lifetimeMs) {
      await this.bury(callback, sequence, this.lastProblem ?? untried());
      return;
    }
    if (this.closed || !this.circuit.begin()) {
      this.latest(sequence)?.nak(this.closed ? 0 : Math.max(this.circuit.waitMs, BESIDE_A_PROBE_MS));
      return;
    }
    const startedAt = performance.now();
    try {
      await this.options.sender.send(callback, this.endpoint);
    } catch (thrown) {
      await this.failed(callback, sequence, asMienError(thrown));
      return;
    }
    this.countCircuit(() => this.circuit.succeeded());
    this.latest(sequence)?.ack();
    const { metrics } = this.options;
    const delayMs = Date.now() - callback.createdAt.getTime();
    metrics.attempts.add(1, { outcome: 'delivered' });
    metrics.callbacks.add(1, { outcome: 'delivered' });
    metrics.delay.record(delayMs / 1_000);
    const tookMs = Math.round(performance.now() - startedAt);
    this.logger.debug({ callbackId: callback.id, delayMs, tookMs }, 'callback delivered');
  }

  private async failed(callback: Callback, sequence: number, error: MienError): Promise<void> {
    if (this.closed && error.reason !== 'URL_FORBIDDEN') {
      this.latest(sequence)?.nak(0);
      return;
    }
    this.lastProblem = error;
    this.countCircuit(() => this.circuit.failed());
    this.options.metrics.attempts.add(1, { outcome: 'failed' });
    const attempt = this.latest(sequence)?.deliveries ?? 1;
    const waitMs = this.options.schedule.delayMs(attempt);
    const { reason, message } = error;
    this.logger.info(
      { callbackId: callback.id, attempt, reason, waitMs, problem: message },
      'callback failed',
    );
    const ageThen = Date.now() + waitMs - callback.createdAt.getTime();
    if (ageThen > this.options.schedule.lifetimeMs) {
      await this.bury(callback, sequence, error);
    } else {
      this.latest(sequence)?.nak(waitMs);
    }
  }

  private async bury(callback: Callback, sequence: number, error: MienError): Promise<void> {
    const attempts = this.latest(sequence)?.deliveries ?? 1;
    const { bus, metrics } = this.options;
    await buryCallback(bus, callback, { url: this.endpoint.url, attempts, error, sequence });
    this.latest(sequence)?.ack();
    metrics.callbacks.add(1, { outcome: 'dead' });
    this.logger.warn({ callbackId: callback.id, attempts, reason: error.reason }, 'callback is dead');
  }

  private latest(sequence: number): Delivery | undefined {
    return this.held.get(sequence);
  }

  private countCircuit(change: () => void): void {
    const before = this.circuit.open;
    change();
    const { open, waitMs } = this.circuit;
    if (open !== before) {
      this.options.metrics.openCircuits.add(open ? 1 : -1);
      this.logger.info({ open, waitMs: Math.round(waitMs) }, open ? 'circuit opened' : 'circuit closed');
    }
  }

  private pumpWhenReopened(): void {
    const { waitMs } = this.circuit;
    if (waitMs > 0 && this.reopening === undefined) {
      this.reopening = setTimeout(() => {
        this.reopening = undefined;
        this.puller.pump();
        this.pumpWhenReopened();
      }, waitMs + 1);
    }
  }
}

/** For callbacks that come while a probe is under way. */
const BESIDE_A_PROBE_MS = 1_000;

function untried(): MienError {
  return new MienError('CALLBACK_FAILED', 'the endpoint was not tried: it failed too often before');
}
