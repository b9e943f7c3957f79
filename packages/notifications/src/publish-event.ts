import { type Bus, eventSubject } from '@mien/bus';
import { headers } from '@nats-io/transport-node';
import { CLOUD_EVENT_MEDIA_TYPE, type CloudEvent, encodeEvent } from './cloud-event';

/**
 * Tells of what happened to whoever listens; resolves when the server has stored it. The same event told again within
 * ten minutes is told once. Throws what the bus throws.
 */
export async function publishEvent(bus: Bus, event: CloudEvent): Promise<void> {
  const hdrs = headers();
  hdrs.set('content-type', CLOUD_EVENT_MEDIA_TYPE);
  await bus.js.publish(eventSubject(event.type), encodeEvent(event), { headers: hdrs, msgID: event.id });
}
