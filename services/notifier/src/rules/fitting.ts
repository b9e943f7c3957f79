import type { CloudEvent, StoredRule } from '@mien/notifications';
import { PersonMatchedEvent, StrangerSeenEvent } from '@mien/proto';

/** What rules are held against: a face seen by a source. */
export interface Seen {
  readonly source: string;
  /** Unset for a stranger. */
  readonly personId?: string;
  readonly groupIds: readonly string[];
  readonly score?: number;
}

/** The sighting in an event; undefined in events of other kinds. */
export function seenIn(event: CloudEvent): Seen | undefined {
  switch (event.type) {
    case 'person.matched': {
      const { source, personId, groupIds, score } = PersonMatchedEvent.fromJSON(event.data);
      return { source, personId, groupIds, score };
    }
    case 'stranger.seen': {
      const { source, groupIds } = StrangerSeenEvent.fromJSON(event.data);
      return { source, groupIds };
    }
    default:
      return undefined;
  }
}

/** Whether the rule's owner is to be told of the sighting. */
export function fits(rule: StoredRule, seen: Seen): boolean {
  if (rule.sources.length > 0 && !rule.sources.includes(seen.source)) {
    return false;
  }
  if (seen.personId === undefined) {
    // Whom nobody knows in groups that the owner may not see is not the owner's business.
    return (
      rule.strangers && (rule.reach.length === 0 || seen.groupIds.every((id) => rule.reach.includes(id)))
    );
  }
  const inGroup = seen.groupIds.some((id) => rule.groupIds.includes(id));
  return inGroup && (seen.score ?? 0) >= rule.minimumScore;
}

/** The event as the rule's owner may see it: of a person's groups only those that the owner's key reaches. */
export function asSeenBy(rule: StoredRule, event: CloudEvent): CloudEvent {
  const told = { ...event, ruleid: rule.id };
  if (event.type !== 'person.matched' || rule.reach.length === 0) {
    return told;
  }
  const data = PersonMatchedEvent.fromJSON(event.data);
  const groupIds = data.groupIds.filter((id) => rule.reach.includes(id));
  return { ...told, data: PersonMatchedEvent.toJSON({ ...data, groupIds }) };
}
