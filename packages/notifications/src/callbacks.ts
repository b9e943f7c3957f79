import { type Bus, callbackSubject } from '@mien/bus';
import { headers, type MsgHdrs } from '@nats-io/transport-node';
import { type CloudEvent, encodeEvent } from './cloud-event';

/** An event on its way to an endpoint. */
export interface Callback {
  /** webhook-id: the same at every attempt. */
  readonly id: string;
  readonly endpointId: string;
  /** Its 24 hours count from here. */
  readonly createdAt: Date;
  /** The CloudEvent, as it is signed and sent. */
  readonly body: Uint8Array;
}

const ID = 'Mien-Callback-Id';
const CREATED = 'Mien-Created-At';

/** Queues an event for an endpoint; again within ten minutes, the same id is queued once. */
export async function queueCallback(
  bus: Bus,
  { id, endpointId, event }: { readonly id: string; readonly endpointId: string; readonly event: CloudEvent },
): Promise<void> {
  const callback = { id, endpointId, createdAt: new Date(), body: encodeEvent(event) };
  await sendToQueue(bus, callback, `${endpointId}:${id}`);
}

export async function sendToQueue(bus: Bus, callback: Callback, msgID: string): Promise<void> {
  const hdrs = headers();
  writeHeaders(callback, hdrs);
  await bus.js.publish(callbackSubject(callback.endpointId), callback.body, { headers: hdrs, msgID });
}

export function writeHeaders({ id, createdAt }: Callback, hdrs: MsgHdrs): void {
  hdrs.set(ID, id);
  hdrs.set(CREATED, createdAt.toISOString());
}

/** The callback in a message; its subject ends in the endpoint's id. */
export function callbackIn(message: {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers: MsgHdrs | undefined;
}): Callback {
  return {
    id: message.headers?.get(ID) ?? '',
    endpointId: message.subject.slice(message.subject.lastIndexOf('.') + 1),
    createdAt: new Date(message.headers?.get(CREATED) ?? 0),
    body: message.data,
  };
}
