import { setMaxListeners } from 'node:events';
import { MienError } from '@mien/errors';
import type { ObjectStore } from '@mien/stores';
import type { Logger } from 'pino';
import { LANES, type LaneName, STAGE_CATALOG, type StageName } from './catalog';
import type { Bus } from './connection';
import type { Delivery } from './delivery';
import { Disposal } from './disposal';
import { Envelopes } from './envelope';
import { type Holder, type JobHandler, JobRun } from './job-run';
import { Puller } from './puller';
import { Slots } from './slots';
import { consumerOf, streamOf } from './subjects';
import { Submissions } from './submissions';
import type { LineMetrics } from './telemetry/metrics';

export interface StageWorkerOptions {
  readonly bus: Bus;
  readonly store: ObjectStore;
  readonly stage: StageName;
  readonly handler: JobHandler;
  /** Jobs worked on at the same time. */
  readonly concurrency: number;
  /** How long crops that had to go to the object store are kept. */
  readonly blobRetentionSeconds: number;
  readonly metrics: LineMetrics;
  readonly logger: Logger;
}

/** Jobs per lane that wait here beside those worked on, so that no slot stands idle for a round trip. */
const PREFETCH = 1;

/** Ack waits after which no delivery of a job that was acknowledged can be under way. */
const DISPOSAL_WAITS = 4;

/** A job that this process holds. A redelivery of it replaces the delivery, so that the newest is acknowledged. */
interface Held extends Holder {
  delivery: Delivery;
  readonly lane: LaneName;
}

/** Takes a stage's jobs from its two lanes, has them worked on, and hands them on. */
export class StageWorker {
  private readonly held = new Map<number, Held>();
  private readonly slots: Slots;
  private readonly disposal: Disposal;
  private readonly run: JobRun;
  private readonly submissions: Submissions;
  private readonly pullers: Record<LaneName, Puller>;
  private readonly heartbeat: NodeJS.Timeout;
  private readonly going = new AbortController();
  private whenEmpty: (() => void) | undefined;
  private draining = false;

  constructor(private readonly options: StageWorkerOptions) {
    const { bus, store, stage, metrics, logger, blobRetentionSeconds } = options;
    // Each job under way listens to it; Node would take more than ten for a leak.
    setMaxListeners(0, this.going.signal);
    this.slots = new Slots(options.concurrency);
    this.disposal = new Disposal(store, DISPOSAL_WAITS * STAGE_CATALOG[stage].ackWaitMs, logger);
    this.submissions = new Submissions(bus, stage);
    this.run = new JobRun({
      bus,
      stage,
      metrics,
      logger,
      handler: options.handler,
      envelopes: new Envelopes(bus, store, blobRetentionSeconds),
      slots: this.slots,
      disposal: this.disposal,
      submissions: this.submissions,
      going: this.going.signal,
    });
    this.pullers = { interactive: this.pull('interactive'), batch: this.pull('batch') };
    this.heartbeat = setInterval(() => this.beat(), STAGE_CATALOG[stage].ackWaitMs / 3);
  }

  /** Jobs held now. */
  get inFlight(): number {
    return this.held.size;
  }

  /**
   * Takes no more jobs, hands back those not begun, and lets those begun finish. What is not finished after the
   * limit is aborted and handed back as well. No job is lost; what was handed on stays handed on.
   */
  async drain(limitMs: number): Promise<void> {
    this.draining = true;
    this.slots.close();
    await Promise.all(LANES.map((lane) => this.pullers[lane].drain()));
    const limit = setTimeout(
      () => this.going.abort(new MienError('SHUTTING_DOWN', 'the stage is going down')),
      limitMs,
    );
    await this.empty();
    clearTimeout(limit);
    clearInterval(this.heartbeat);
    this.disposal.stop();
    this.submissions.stop();
    if (this.options.bus.connected) {
      await this.options.bus.nc.flush();
    }
  }

  private pull(lane: LaneName): Puller {
    const { bus, stage, logger } = this.options;
    return new Puller({
      bus,
      logger,
      stream: streamOf(stage),
      consumer: consumerOf(stage, lane),
      want: () => this.want(lane),
      deliver: (delivery) => this.receive(lane, delivery),
    });
  }

  /** Interactive jobs may fill every place; batch jobs only those that interactive ones leave. */
  private want(lane: LaneName): number {
    const room = this.options.concurrency + PREFETCH;
    const counted = lane === 'interactive' ? this.count('interactive') : this.held.size;
    return Math.max(0, room - counted);
  }

  private count(lane: LaneName): number {
    let count = 0;
    for (const held of this.held.values()) {
      count += held.lane === lane ? 1 : 0;
    }
    return count;
  }

  private receive(lane: LaneName, delivery: Delivery): void {
    const before = this.held.get(delivery.sequence);
    if (before !== undefined) {
      before.delivery = delivery;
      return;
    }
    const held: Held = { lane, delivery, settled: () => this.letGo(held) };
    this.held.set(delivery.sequence, held);
    void this.finish(held);
  }

  private async finish(held: Held): Promise<void> {
    const { metrics, stage, logger } = this.options;
    const attributes = { stage, lane: held.lane };
    metrics.inFlight.add(1, attributes);
    try {
      await this.run.take(held, held.lane);
    } catch (error) {
      // The bus itself failed us: the ack wait runs out and the server delivers the job again.
      logger.error({ err: error, stage }, 'a job could not be handed on; it will be delivered again');
    }
    metrics.inFlight.add(-1, attributes);
    this.letGo(held);
  }

  /** Makes room for the next job. */
  private letGo(held: Held): void {
    const { sequence } = held.delivery;
    if (this.held.get(sequence) !== held) {
      return; // gone before; what is there now is a later delivery
    }
    this.held.delete(sequence);
    if (this.draining) {
      this.whenEmpty?.();
    } else {
      this.pullers.interactive.pump();
      this.pullers.batch.pump();
    }
  }

  private beat(): void {
    if (this.options.bus.connected) {
      for (const held of this.held.values()) {
        held.delivery.working();
      }
    }
  }

  private empty(): Promise<void> {
    return new Promise((resolve) => {
      this.whenEmpty = () => {
        if (this.held.size === 0) {
          resolve();
        }
      };
      this.whenEmpty();
    });
  }
}
