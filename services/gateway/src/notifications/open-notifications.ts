import { EndpointStore, provisionNotifications, publishEvent, RuleStore } from '@mien/notifications';
import type { Network } from '@mien/outbound';
import type { Runtime } from '@mien/service';
import type { Call } from '../usecases/call';
import type { EventSink } from '../usecases/ports';
import { type NotificationUseCases, notificationUseCases, ownEndpoint } from './notification-use-cases';

interface Notifications {
  readonly useCases: NotificationUseCases;
  /** Where the other use cases tell what they have seen. */
  readonly events: EventSink;
  /** Throws ENDPOINT_NOT_FOUND unless the endpoint is one of the caller's. */
  expectEndpoint(id: string, call: Call): Promise<unknown>;
  /** Drops the endpoints and rules that a key has made. */
  dropOf(keyId: string): Promise<void>;
}

/** Endpoints, rules and events, as the bus keeps them. Throws BUS_UNAVAILABLE. */
export async function openNotifications(
  { bus, config }: Runtime,
  allowedNetworks: readonly Network[],
): Promise<Notifications> {
  await provisionNotifications(bus, config.provision);
  const endpoints = await EndpointStore.open(bus, config.objectStore.encryption?.cipher);
  const rules = await RuleStore.open(bus);
  return {
    useCases: notificationUseCases({ endpoints, rules, allowedNetworks }),
    expectEndpoint: (id, call) => ownEndpoint(endpoints, id, call),
    dropOf: async (keyId) => {
      await dropOwned(keyId, rules);
      await dropOwned(keyId, endpoints);
    },
    events: {
      publish: async (events) => {
        await Promise.all(events.map((event) => publishEvent(bus, event)));
      },
    },
  };
}

interface Owned {
  readonly id: string;
  readonly keyId: string;
}

async function dropOwned(
  keyId: string,
  store: { list(): Promise<readonly Owned[]>; delete(id: string): Promise<void> },
): Promise<void> {
  for (const one of await store.list()) {
    if (one.keyId === keyId) {
      await store.delete(one.id);
    }
  }
}
