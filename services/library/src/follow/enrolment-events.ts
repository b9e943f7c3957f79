import { type CloudEvent, personEnrolled } from '@mien/notifications';
import type { OutboxEntry, PeopleStore } from '@mien/people';

const BATCH = 500;

/** Where events are told: resolves when one is kept for whoever listens. */
export type TellEvent = (event: CloudEvent) => Promise<void>;

/**
 * Tells of the enrolments that wait in the outbox. A face that is gone again is not told of: the uniqueness control
 * takes back whom it finds twice. Throws what database and bus throw; then it is done later, and told once all the same.
 */
export async function tellEnrolments(people: PeopleStore, tell: TellEvent): Promise<void> {
  for (;;) {
    const entries = await people.readOutbox('events', BATCH);
    await Promise.all((await eventsOf(entries, people)).map(tell));
    await people.acknowledge(entries.map(({ id }) => id));
    if (entries.length < BATCH) {
      return;
    }
  }
}

async function eventsOf(entries: readonly OutboxEntry[], people: PeopleStore): Promise<CloudEvent[]> {
  const enrolled = entries.flatMap((entry) =>
    entry.kind === 'person-enrolled' || entry.kind === 'face-enrolled' ? [entry] : [],
  );
  const ids = new Set(enrolled.map(({ personId }) => personId));
  const persons = new Map((await people.getPersons([...ids])).map((person) => [person.id, person]));
  return enrolled.flatMap(({ kind, personId, faceId }) => {
    const person = persons.get(personId);
    const face = person?.faces.find(({ id }) => id === faceId);
    if (person === undefined || face === undefined) {
      return [];
    }
    const groupIds = person.memberships.map(({ groupId }) => groupId);
    const createdPerson = kind === 'person-enrolled';
    return [personEnrolled({ personId, faceId, groupIds, createdPerson }, face.createdAt)];
  });
}
