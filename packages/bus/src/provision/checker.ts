import { setTimeout } from 'node:timers/promises';
import { asMienError } from '@mien/errors';
import { rightsOf } from '../access/permissions';
import { isAllowedToPublish } from '../access/rights';
import type { BusUser } from '../access/users';
import type { Bus } from '../connection';
import { differing, foundConsumer, foundStream, misfit } from './found';
import type { SetUp } from './set-up';
import type { ConsumerPlan, StreamPlan } from './stream-plans';

const LOOK_MS = 500;

/**
 * Only looks, and only at what a user may see: everything when it is nobody's connection in particular. Waits for what is
 * not there yet, as a service that is started before the server is set up has to.
 */
export class Checker implements SetUp {
  private readonly giveUpAt: number;
  private told = false;

  constructor(
    private readonly bus: Bus,
    private readonly user: BusUser | undefined,
    waitMs: number,
  ) {
    this.giveUpAt = performance.now() + waitMs;
  }

  async stream(plan: StreamPlan): Promise<void> {
    if (this.mayAsk(`STREAM.INFO.${plan.name}`)) {
      await this.await(plan.name, plan, () => foundStream(this.bus, plan.name));
    }
  }

  async consumer(stream: string, plan: ConsumerPlan): Promise<void> {
    const name = plan.durable_name;
    if (this.mayAsk(`CONSUMER.INFO.${stream}.${name}`)) {
      await this.await(`${stream}/${name}`, plan, () => foundConsumer(this.bus, stream, name));
    }
  }

  async withoutConsumer(): Promise<void> {}

  private async await<Plan extends object>(
    what: string,
    plan: Plan,
    find: () => Promise<Partial<Plan> | undefined>,
  ): Promise<void> {
    for (;;) {
      const problem = await problemWith(what, plan, find);
      if (problem === undefined) {
        return;
      }
      if (performance.now() >= this.giveUpAt) {
        throw problem;
      }
      this.tellOnce(problem);
      await setTimeout(LOOK_MS);
    }
  }

  private tellOnce(problem: Error): void {
    if (!this.told) {
      this.told = true;
      this.bus.logger.warn({ problem: problem.message }, 'waiting for the NATS server to be set up');
    }
  }

  private mayAsk(question: string): boolean {
    return this.user === undefined || isAllowedToPublish(rightsOf(this.user), `$JS.API.${question}`);
  }
}

async function problemWith<Plan extends object>(
  what: string,
  plan: Plan,
  find: () => Promise<Partial<Plan> | undefined>,
): Promise<Error | undefined> {
  try {
    const actual = await find();
    const differences = actual === undefined ? ['it is not there'] : differing(plan, actual);
    return differences.length === 0
      ? undefined
      : misfit(
          `${what} is not set up on the NATS server as this version needs it (${differences.join(', ')}): run mien nats-provision`,
        );
  } catch (error) {
    return asMienError(error);
  }
}
