import { type Bus, Delivery, TASK_SUBJECTS, TASKS_STREAM } from '@mien/bus';
import { AckPolicy, DeliverPolicy } from '@nats-io/jetstream';
import { nanos, RequestError, type Subscription } from '@nats-io/transport-node';
import type { Logger } from 'pino';
import { isInteractive, taskConsumer } from './subjects';

/** A task whose runner died goes to another one after this. */
export const TASK_ACK_WAIT_MS = 6_000;
/** Queues are looked for this often, beside being heard of when something is put into them. */
const LOOK_MS = 2_000;
/** A queue that nobody took from for that long loses its consumer. */
const INACTIVE_MS = 24 * 3_600_000;
const MAX_ACK_PENDING = 10_000;
const REQUEST_MS = 5_000;
const NO_RESPONDERS = 503;

/** The tasks of all keys: each key's queue gives one in turn, those of interactive jobs first. */
export class TaskQueue {
  /** Queues that may hold something, in the order of their turns. */
  private readonly active = new Set<string>();
  private readonly consumers = new Set<string>();
  private readonly heard: Subscription;
  private readonly looking: NodeJS.Timeout;
  private readonly forgetReconnect: () => void;

  constructor(
    private readonly bus: Bus,
    private readonly logger: Logger,
    private readonly wake: () => void,
  ) {
    this.heard = bus.nc.subscribe(TASK_SUBJECTS, { callback: (_, { subject }) => this.note(subject) });
    this.looking = setInterval(() => void this.look(), LOOK_MS);
    this.looking.unref();
    this.forgetReconnect = bus.onReconnect(() => void this.look());
    void this.look();
  }

  /** The next task; undefined when no queue has any now. */
  async next(): Promise<Delivery | undefined> {
    for (;;) {
      const subject = this.turn();
      if (subject === undefined) {
        return undefined;
      }
      const delivery = await this.take(subject);
      if (delivery !== undefined) {
        return delivery;
      }
    }
  }

  close(): void {
    clearInterval(this.looking);
    this.forgetReconnect();
    if (!this.heard.isClosed()) {
      this.heard.unsubscribe();
    }
  }

  private turn(): string | undefined {
    const [first] = this.active;
    const subject = [...this.active].find(isInteractive) ?? first;
    if (subject !== undefined) {
      this.active.delete(subject);
    }
    return subject;
  }

  private note(subject: string): void {
    if (!this.active.has(subject)) {
      this.active.add(subject);
      this.wake();
    }
  }

  /** Takes one; the queue's turn comes again unless it had none. */
  private async take(subject: string): Promise<Delivery | undefined> {
    try {
      await this.provide(subject);
      const name = `$JS.API.CONSUMER.MSG.NEXT.${TASKS_STREAM}.${taskConsumer(subject)}`;
      const request = JSON.stringify({ batch: 1, no_wait: true });
      // A message comes under its own subject, by which the client's shared inbox would not know it.
      const msg = await this.bus.nc.request(name, request, { timeout: REQUEST_MS, noMux: true });
      const code = msg.headers?.code ?? 0;
      if (code === 0) {
        this.active.add(subject);
        return new Delivery(this.bus.nc, msg);
      }
      if (code === NO_RESPONDERS || code === 409) {
        this.consumers.delete(subject);
      }
    } catch (error) {
      this.consumers.delete(subject);
      if (!(error instanceof RequestError && error.isNoResponders())) {
        this.logger.warn({ err: error, subject }, 'tasks could not be asked for');
      }
    }
    return undefined;
  }

  private async provide(subject: string): Promise<void> {
    if (this.consumers.has(subject)) {
      return;
    }
    await this.bus.jsm.consumers.add(TASKS_STREAM, {
      durable_name: taskConsumer(subject),
      filter_subject: subject,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      ack_wait: nanos(TASK_ACK_WAIT_MS),
      inactive_threshold: nanos(INACTIVE_MS),
      max_ack_pending: MAX_ACK_PENDING,
    });
    this.consumers.add(subject);
  }

  private async look(): Promise<void> {
    if (!this.bus.connected) {
      return;
    }
    try {
      const { state } = await this.bus.jsm.streams.info(TASKS_STREAM, { subjects_filter: TASK_SUBJECTS });
      for (const subject of Object.keys(state.subjects ?? {})) {
        this.note(subject);
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'queues of tasks could not be looked for');
    }
  }
}
