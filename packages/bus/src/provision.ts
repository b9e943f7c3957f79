import { isDeepStrictEqual } from 'node:util';
import { MienError } from '@mien/errors';
import { JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';
import { LANES, REQUIRED_MAX_PAYLOAD_BYTES, STAGE_NAMES } from './catalog';
import type { Bus } from './connection';
import {
  advisoryConsumer,
  advisoryStream,
  type ConsumerPlan,
  deadStream,
  type StreamPlan,
  workConsumer,
  workStream,
} from './stream-plans';
import { ADVISORY_STREAM, streamOf } from './subjects';

export interface ProvisionOptions {
  /** Copies of each stream in a NATS cluster; 1 unless given. */
  readonly replicas?: number;
}

/**
 * Brings the server's streams and consumers to what the stage catalog says: makes what is missing, updates what
 * differs. Throws BUS_UNAVAILABLE naming what can't be brought there. Any number of processes may do this at once.
 */
export async function provision(bus: Bus, options: ProvisionOptions = {}): Promise<void> {
  checkMaxPayload(bus);
  const replicas = options.replicas ?? 1;
  for (const stage of STAGE_NAMES) {
    await ensureStream(bus, workStream(stage, replicas));
    for (const lane of LANES) {
      await ensureConsumer(bus, streamOf(stage), workConsumer(stage, lane));
    }
  }
  await ensureStream(bus, deadStream(replicas));
  await ensureStream(bus, advisoryStream(replicas));
  await ensureConsumer(bus, ADVISORY_STREAM, advisoryConsumer());
}

function checkMaxPayload(bus: Bus): void {
  if (bus.maxPayload < REQUIRED_MAX_PAYLOAD_BYTES) {
    throw misfit(
      `max_payload of the NATS server is ${bus.maxPayload}, at least ${REQUIRED_MAX_PAYLOAD_BYTES} is needed`,
    );
  }
}

async function ensureStream(bus: Bus, plan: StreamPlan): Promise<void> {
  const found = await absentAsUndefined(bus.jsm.streams.info(plan.name), JetStreamApiCodes.StreamNotFound);
  if (found === undefined) {
    await refusedAsMisfit(plan.name, bus.jsm.streams.add(plan));
    return;
  }
  const differences = differing(plan, found.config);
  if (differences.length > 0) {
    await refusedAsMisfit(
      `${plan.name} (${differences.join(', ')})`,
      bus.jsm.streams.update(plan.name, plan),
    );
  }
}

async function ensureConsumer(bus: Bus, stream: string, plan: ConsumerPlan): Promise<void> {
  const name = plan.durable_name;
  const found = await absentAsUndefined(
    bus.jsm.consumers.info(stream, name),
    JetStreamApiCodes.ConsumerNotFound,
  );
  if (found === undefined) {
    await refusedAsMisfit(`${stream}/${name}`, bus.jsm.consumers.add(stream, plan));
    return;
  }
  const differences = differing(plan, found.config);
  if (differences.length > 0) {
    const what = `${stream}/${name} (${differences.join(', ')})`;
    await refusedAsMisfit(what, bus.jsm.consumers.update(stream, name, plan));
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
