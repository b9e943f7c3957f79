import { EndpointStore, provisionNotifications, publishEvent, RuleStore } from '@mien/notifications';
import type { Network } from '@mien/outbound';
import type { Runtime } from '@mien/service';
import type { EventSink } from '../usecases/ports';
import { type NotificationUseCases, notificationUseCases } from './notification-use-cases';

interface Notifications {
  readonly useCases: NotificationUseCases;
  /** Where the other use cases tell what they have seen. */
  readonly events: EventSink;
}

/** Endpoints, rules and events, as the bus keeps them. Throws BUS_UNAVAILABLE. */
export async function openNotifications(
  { bus, config }: Runtime,
  allowedNetworks: readonly Network[],
): Promise<Notifications> {
  await provisionNotifications(bus, { replicas: config.streamReplicas });
  const endpoints = await EndpointStore.open(bus, config.objectStore.encryption?.cipher);
  const rules = await RuleStore.open(bus);
  return {
    useCases: notificationUseCases({ endpoints, rules, allowedNetworks }),
    events: {
      publish: async (events) => {
        await Promise.all(events.map((event) => publishEvent(bus, event)));
      },
    },
  };
}
