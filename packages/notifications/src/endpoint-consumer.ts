import { type Bus, CALLBACKS_STREAM, callbackSubject } from '@mien/bus';
import { AckPolicy, DeliverPolicy } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';

const PREFIX = 'endpoint-';
/** A callback whose notifier died goes to another one after this. */
export const CALLBACK_ACK_WAIT_MS = 5_000;
/** Callbacks of an endpoint that were tried and wait for their next attempt, at most. */
const MAX_ACK_PENDING = 1_000;

/** Each endpoint has a queue of its own, so that none waits behind another's. */
export function endpointConsumer(endpointId: string): string {
  return `${PREFIX}${endpointId}`;
}

/** Makes the queue's consumer unless it is there. */
export async function provideEndpoint(bus: Bus, endpointId: string): Promise<void> {
  await bus.jsm.consumers.add(CALLBACKS_STREAM, {
    durable_name: endpointConsumer(endpointId),
    filter_subject: callbackSubject(endpointId),
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(CALLBACK_ACK_WAIT_MS),
    max_deliver: -1,
    max_ack_pending: MAX_ACK_PENDING,
  });
}

/** Drops what waits for an endpoint that is gone. */
export async function dropEndpoint(bus: Bus, endpointId: string): Promise<void> {
  await bus.jsm.streams.purge(CALLBACKS_STREAM, { filter: callbackSubject(endpointId) });
  await bus.jsm.consumers.delete(CALLBACKS_STREAM, endpointConsumer(endpointId)).catch(() => false);
}

/** Endpoints that have callbacks waiting or a consumer. */
export async function endpointsWithQueues(bus: Bus): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const { state } = await bus.jsm.streams.info(CALLBACKS_STREAM, { subjects_filter: callbackSubject('*') });
  for (const subject of Object.keys(state.subjects ?? {})) {
    found.add(subject.slice(callbackSubject('').length));
  }
  for await (const { name } of bus.jsm.consumers.list(CALLBACKS_STREAM)) {
    found.add(name.slice(PREFIX.length));
  }
  return found;
}
