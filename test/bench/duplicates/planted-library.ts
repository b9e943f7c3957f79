import { join } from 'node:path';
import { openPglitePeopleStore } from '@mien/people';
import type { BenchmarkContext } from '../harness';
import { enrolPlanned, type Plan } from './planted-persons';

/** The group that everybody of the plan is in. */
export const PLANTED_GROUP = 'planted';

const KEEPING = '--library=';

/** A data folder that was asked to be kept for the next run: filling one takes a quarter of an hour. */
export function keptLibrary(args: readonly string[]): string | undefined {
  return args.find((word) => word.startsWith(KEEPING))?.slice(KEEPING.length);
}

/** Enrols whoever of the plan is not in the data folder's library yet. */
export async function fillLibrary(
  dataFolder: string,
  plan: Plan,
  modelVersion: string,
  { progress }: BenchmarkContext,
): Promise<void> {
  const people = await openPglitePeopleStore({ folder: join(dataFolder, 'people') });
  try {
    const [known] = await people.getGroups([PLANTED_GROUP]);
    const group = known ?? (await people.createGroup({ id: PLANTED_GROUP, name: 'Planted', modelVersion }));
    for (let at = group.personCount; at < plan.persons.length; at++) {
      const person = plan.persons[at];
      if (person !== undefined) {
        await enrolPlanned(people, person, group);
      }
      progress('persons enrolled', at + 1, plan.persons.length);
    }
    await people.maintain();
  } finally {
    await people.close();
  }
}
