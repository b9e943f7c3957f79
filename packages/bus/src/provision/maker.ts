import { JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';
import type { Bus } from '../connection';
import { absentAsUndefined, differing, foundConsumer, foundStream, misfit } from './found';
import type { SetUp } from './set-up';
import type { ConsumerPlan, StreamPlan } from './stream-plans';

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
    await absentAsUndefined(this.bus.jsm.consumers.delete(stream, name), JetStreamApiCodes.ConsumerNotFound);
  }
}

async function refusedAsMisfit(what: string, change: Promise<unknown>): Promise<void> {
  try {
    await change;
  } catch (error) {
    const reason = error instanceof JetStreamApiError ? `: ${error.message}` : '';
    throw misfit(`the NATS server refuses to set up ${what} as Mien has it${reason}`, error);
  }
}
