import type { Channel } from '../channel';
import { CallbackEndpoints } from './callback-endpoints';
import { NotificationRules } from './notification-rules';

/** Who is called when something happens. */
export class MienNotifications {
  readonly endpoints: CallbackEndpoints;
  readonly rules: NotificationRules;

  constructor(channel: Channel) {
    this.endpoints = new CallbackEndpoints(channel);
    this.rules = new NotificationRules(channel);
  }
}
