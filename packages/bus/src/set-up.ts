import { isDeepStrictEqual } from 'node:util';
import { MienError } from '@mien/errors';
import { JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';
import { rightsOf } from './access/permissions';
import { matchesSubject } from './access/subject-match';
import type { BusUser } from './access/users';
import type { Bus } from './connection';
import type { ConsumerPlan, StreamPlan } from './stream-plans';

/** Holds plans of streams and consumers against what the server has. Throws BUS_UNAVAILABLE where the two differ in the end. */
export interface SetUp {
  stream(plan: StreamPlan): Promise<void>;
  consumer(stream: string, plan: ConsumerPlan): Promise<void>;
  /** That a consumer of earlier versions, which would be in the way, is gone. */
  withoutConsumer(stream: string, name: string): Promise<void>;
}

/** Makes what is missing, updates what differs. */
export class Maker implements SetUp {
  constructor(private readonly bus: Bus) {}

  async stream(plan: StreamPlan): Promise<void> {
    const { streams } = this.bus.jsm;
    const found = await foundStream(this.bus, plan.name);
    if (found === undefined) {
      await refusedAsMisfit(plan.name, streams.add(plan));
      return;
    }
    const differences = differing(plan, found);
    if (differences.length > 0) {
      const what = `${plan.name} (${differences.join(', ')})`;
      await refusedAsMisfit(what, streams.update(plan.name, plan));
    }
  }

  async consumer(stream: string, plan: ConsumerPlan): Promise<void> {
    const { consumers } = this.bus.jsm;
    const name = plan.durable_name;
    const found = await foundConsumer(this.bus, stream, name);
    if (found === undefined) {
      await refusedAsMisfit(`${stream}/${name}`, consumers.add(stream, plan));
      return;
    }
    const differences = differing(plan, found);
    if (differences.length > 0) {
      const what = `${stream}/${name} (${differences.join(', ')})`;
      await refusedAsMisfit(what, consumers.update(stream, name, plan));
    }
  }

  async withoutConsumer(stream: string, name: string): Promise<void> {
    const gone = absentAsUndefined(
      this.bus.jsm.consumers.delete(stream, name),
      JetStreamApiCodes.ConsumerNotFound,
    );
    await gone;
  }
}

/** Only looks, and only at what a user may see: everything when it is nobody's connection in particular. */
export class Checker implements SetUp {
  constructor(
    private readonly bus: Bus,
    private readonly user: BusUser | undefined,
  ) {}

  async stream(plan: StreamPlan): Promise<void> {
    if (this.mayAsk(`STREAM.INFO.${plan.name}`)) {
      expectSame(plan.name, plan, await foundStream(this.bus, plan.name));
    }
  }

  async consumer(stream: string, plan: ConsumerPlan): Promise<void> {
    const name = plan.durable_name;
    if (this.mayAsk(`CONSUMER.INFO.${stream}.${name}`)) {
      expectSame(`${stream}/${name}`, plan, await foundConsumer(this.bus, stream, name));
    }
  }

  async withoutConsumer(): Promise<void> {}

  private mayAsk(question: string): boolean {
    return (
      this.user === undefined ||
      rightsOf(this.user).publish.some((subject) => matchesSubject(subject, `$JS.API.${question}`))
    );
  }
}

async function foundStream(bus: Bus, name: string) {
  const info = await absentAsUndefined(bus.jsm.streams.info(name), JetStreamApiCodes.StreamNotFound);
  return info?.config;
}

async function foundConsumer(bus: Bus, stream: string, name: string) {
  const asking = bus.jsm.consumers.info(stream, name);
  return (await absentAsUndefined(asking, JetStreamApiCodes.ConsumerNotFound))?.config;
}

function expectSame<Plan extends object>(what: string, plan: Plan, actual: Partial<Plan> | undefined): void {
  const differences = actual === undefined ? ['it is not there'] : differing(plan, actual);
  if (differences.length > 0) {
    throw misfit(
      `${what} is not set up as the stage catalog has it (${differences.join(', ')}): run mien nats-provision`,
    );
  }
}

/** Names of the planned settings that the server has otherwise. */
function differing<Plan extends object>(plan: Plan, actual: Partial<Plan>): string[] {
  return Object.entries(plan)
    .filter(([key, value]) => !isDeepStrictEqual(Reflect.get(actual, key), value))
    .map(([key]) => key);
}

async function absentAsUndefined<T>(asking: Promise<T>, absent: number): Promise<T | undefined> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === absent) {
      return undefined;
    }
    throw new MienError('BUS_UNAVAILABLE', 'JetStream does not answer', { cause: error });
  }
}

async function refusedAsMisfit(what: string, change: Promise<unknown>): Promise<void> {
  try {
    await change;
  } catch (error) {
    const reason = error instanceof JetStreamApiError ? `: ${error.message}` : '';
    throw misfit(`the NATS server refuses to set up ${what} as the stage catalog has it${reason}`, error);
  }
}

function misfit(message: string, cause?: unknown): MienError {
  return new MienError('BUS_UNAVAILABLE', message, { cause });
}
