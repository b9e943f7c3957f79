import { BucketView, type Bus, type Delivery, EVENTS_STREAM, RULES_BUCKET, RULES_CONSUMER } from '@mien/bus';
import {
  type CloudEvent,
  decodeEvent,
  decodeRule,
  QuietPeriods,
  queueCallback,
  type StoredRule,
} from '@mien/notifications';
import type { Logger } from 'pino';
import { ConsumerLoop } from '../consumer-loop';
import { asSeenBy, fits, type Seen, seenIn } from './fitting';

interface RuleWatchOptions {
  readonly bus: Bus;
  /** Whether an endpoint is there. */
  readonly knows: (endpointId: string) => Promise<boolean>;
  readonly logger: Logger;
}

const CONCURRENCY = 32;

/** Holds what is seen against the standing rules and queues a callback for each that fits. */
export class RuleWatch {
  private constructor(
    private readonly options: RuleWatchOptions,
    private readonly rules: BucketView<StoredRule>,
    private readonly quiet: QuietPeriods,
  ) {}

  static async start(options: RuleWatchOptions): Promise<{ drain(): Promise<void> }> {
    const { bus, logger } = options;
    const rules = await BucketView.open({ bus, bucket: RULES_BUCKET, logger }, (_, bytes) =>
      decodeRule(bytes),
    );
    const watch = new RuleWatch(options, rules, await QuietPeriods.open(bus));
    const loop = new ConsumerLoop({
      bus,
      stream: EVENTS_STREAM,
      consumer: RULES_CONSUMER,
      concurrency: CONCURRENCY,
      handle: (delivery) => watch.handle(delivery),
      logger,
    });
    return {
      drain: async () => {
        await loop.drain();
        rules.stop();
      },
    };
  }

  private async handle(delivery: Delivery): Promise<void> {
    const event = decodeEvent(delivery.data);
    const seen = seenIn(event);
    if (seen === undefined) {
      return;
    }
    // A rule holds from the answer to its creation on.
    await this.rules.upToDate();
    const fitting = [...this.rules.all.values()].filter((rule) => fits(rule, seen));
    await Promise.all(fitting.map((rule) => this.tell(rule, event, seen)));
  }

  private async tell(rule: StoredRule, event: CloudEvent, seen: Seen): Promise<void> {
    if (!(await this.options.knows(rule.endpointId))) {
      return;
    }
    const sighting = { ...seen, eventId: event.id, at: new Date(event.time) };
    if (!(await this.quiet.begins(rule.id, rule.quietSeconds, sighting))) {
      return;
    }
    const id = `${event.id}.${rule.id}`;
    await queueCallback(this.options.bus, { id, endpointId: rule.endpointId, event: asSeenBy(rule, event) });
    this.options.logger.info({ callbackId: id, ruleId: rule.id, type: event.type }, 'a rule fits');
  }
}
