import {
  type CreateEndpointResponse,
  type Endpoint,
  NotificationServiceService as Notifications,
} from '@mien/proto';
import type { Channel } from '../channel';
import { type ListSettings, pagesOf } from '../pages';
import type { CallSettings } from '../settings';

export interface NewEndpoint {
  /** http or https. */
  readonly url: string;
  readonly name?: string;
}

/** Addresses that are called. */
export class CallbackEndpoints {
  constructor(private readonly channel: Channel) {}

  /** The answer's secret, for `verifyCallback`, is told this once. */
  create({ url, name = '' }: NewEndpoint, settings: CallSettings = {}): Promise<CreateEndpointResponse> {
    return this.channel.write(Notifications.createEndpoint, { url, name }, settings);
  }

  /** Oldest first. */
  list(settings: ListSettings = {}): AsyncGenerator<Endpoint, void, void> {
    return pagesOf(settings, async (page) => {
      const request = { page };
      const { endpoints, nextCursor } = await this.channel.read(
        Notifications.listEndpoints,
        request,
        settings,
      );
      return { entries: endpoints, nextCursor };
    });
  }

  /** Answers the new secret, told this once; for a day callbacks are signed with the old one, too. */
  async rotateSecret(id: string, settings: CallSettings = {}): Promise<string> {
    return (await this.channel.write(Notifications.rotateEndpointSecret, { id }, settings)).secret;
  }

  /** Callbacks that were not delivered yet are dropped. */
  async delete(id: string, settings: CallSettings = {}): Promise<void> {
    await this.channel.write(Notifications.deleteEndpoint, { id }, settings);
  }
}
