import { CreateRuleRequest, NotificationServiceService as Notifications, type Rule } from '@mien/proto';
import type { Channel } from '../channel';
import { type ListSettings, pagesOf } from '../pages';
import { present } from '../present';
import { type CallSettings, given } from '../settings';

/** Calls its endpoint when a face is seen. Groups, strangers or both have to be given. */
export interface NewRule {
  readonly endpointId: string;
  readonly name?: string;
  /** Persons of one of these groups. */
  readonly groupIds?: readonly string[];
  /** Faces that are nobody of the searched groups. */
  readonly strangers?: boolean;
  /** Sightings of these sources only; of any unless given. */
  readonly sources?: readonly string[];
  /** 0..100. */
  readonly minimumScore?: number;
  /** How long there is no call for the same person at the same source after one; at most a day. */
  readonly quietSeconds?: number;
}

/** Standing rules. */
export class NotificationRules {
  constructor(private readonly channel: Channel) {}

  async create(rule: NewRule, settings: CallSettings = {}): Promise<Rule> {
    const { endpointId, name, groupIds, strangers, sources, minimumScore, quietSeconds } = rule;
    const request = CreateRuleRequest.fromPartial({
      endpointId,
      ...given({ name, strangers, minimumScore, quietSeconds }),
      ...given({ groupIds: groupIds && [...groupIds], sources: sources && [...sources] }),
    });
    return present((await this.channel.write(Notifications.createRule, request, settings)).rule);
  }

  /** Oldest first. */
  list(settings: ListSettings = {}): AsyncGenerator<Rule, void, void> {
    return pagesOf(settings, async (page) => {
      const { rules, nextCursor } = await this.channel.read(Notifications.listRules, { page }, settings);
      return { entries: rules, nextCursor };
    });
  }

  async delete(id: string, settings: CallSettings = {}): Promise<void> {
    await this.channel.write(Notifications.deleteRule, { id }, settings);
  }
}
