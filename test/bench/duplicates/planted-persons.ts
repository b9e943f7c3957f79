import { randomUUID } from 'node:crypto';
import type { NewFace, PeopleStore } from '@mien/people';
import { syntheticFace } from '../synthetic-faces';

/** Somebody with the samples of an identity that are enrolled. */
export interface PlannedPerson {
  readonly id: string;
  readonly identity: number;
  readonly samples: readonly number[];
}

/** Persons with one to three faces, and some of them a second time, with one face, under another id. */
export interface Plan {
  readonly persons: readonly PlannedPerson[];
  /** The two ids of each who is there twice. */
  readonly duplicates: readonly (readonly [string, string])[];
}

const MOST_FACES = 3;

/** So many faces in all, those of the duplicates among them. The same plan every time. */
export function planOf(faces: number, duplicates: number): Plan {
  const persons: PlannedPerson[] = [];
  for (let left = faces - duplicates; left > 0; ) {
    const identity = persons.length;
    const count = Math.min((identity % MOST_FACES) + 1, left);
    const samples = Array.from({ length: count }, (_, sample) => sample);
    persons.push({ id: `person-${identity}`, identity, samples });
    left -= count;
  }
  const twice = Array.from({ length: duplicates }, (_, index) => {
    const identity = Math.floor((index * persons.length) / duplicates);
    // A photo that the person itself was not enrolled with.
    return { id: `duplicate-${index}`, identity, samples: [MOST_FACES] };
  });
  return {
    persons: [...persons, ...twice],
    duplicates: twice.map(({ id, identity }) => [`person-${identity}`, id]),
  };
}

export async function enrolPlanned(
  people: PeopleStore,
  { id, identity, samples }: PlannedPerson,
  group: { readonly id: string; readonly modelVersion: string },
): Promise<void> {
  const [first, ...others] = samples.map(
    (sample): NewFace => ({
      id: randomUUID(),
      box: { x: 0, y: 0, width: 100, height: 100 },
      quality: 90,
      modelVersion: group.modelVersion,
      template: syntheticFace(identity, sample),
    }),
  );
  if (first === undefined) {
    return;
  }
  await people.createPerson({ id, groupId: group.id, name: id, face: first });
  if (others.length > 0) {
    await people.addFaces(id, others);
  }
}
