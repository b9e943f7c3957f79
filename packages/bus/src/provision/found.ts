import { isDeepStrictEqual } from 'node:util';
import { MienError } from '@mien/errors';
import {
  type ConsumerConfig,
  JetStreamApiCodes,
  JetStreamApiError,
  type StreamConfig,
} from '@nats-io/jetstream';
import type { Bus } from '../connection';
import { refusalOf } from '../refusal';

/** How the server has a stream; undefined when it has none of the name. Throws BUS_UNAVAILABLE. */
export async function foundStream(bus: Bus, name: string): Promise<StreamConfig | undefined> {
  const info = await absentAsUndefined(bus.jsm.streams.info(name), JetStreamApiCodes.StreamNotFound);
  return info?.config;
}

/** How the server has a consumer; undefined when it has none of the name, or no such stream. Throws BUS_UNAVAILABLE. */
export async function foundConsumer(
  bus: Bus,
  stream: string,
  name: string,
): Promise<ConsumerConfig | undefined> {
  const asking = bus.jsm.consumers.info(stream, name);
  const { ConsumerNotFound, StreamNotFound } = JetStreamApiCodes;
  return (await absentAsUndefined(asking, ConsumerNotFound, StreamNotFound))?.config;
}

/** Names of the planned settings that the server has otherwise. */
export function differing<Plan extends object>(plan: Plan, actual: Partial<Plan>): string[] {
  return Object.entries(plan)
    .filter(([key, value]) => !isDeepStrictEqual(Reflect.get(actual, key), value))
    .map(([key]) => key);
}

export async function absentAsUndefined<T>(
  asking: Promise<T>,
  ...absent: readonly number[]
): Promise<T | undefined> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof JetStreamApiError && absent.includes(error.code)) {
      return undefined;
    }
    throw unanswered(error);
  }
}

export function misfit(message: string, cause?: unknown): MienError {
  return new MienError('BUS_UNAVAILABLE', message, { cause });
}

function unanswered(error: unknown): MienError {
  return misfit(refusalOf(error) ?? 'JetStream does not answer', error);
}
