import type { Candidate, FaceCandidates, Person } from '@mien/proto';
import type { Library } from '../library';
import { personMessage } from '../person-message';

/** Persons that the people store reads at once. */
const BATCH = 1000;

/** The candidates with all that is known of the persons. Whoever was deleted meanwhile is left out. */
export async function withPersons(
  results: readonly FaceCandidates[],
  library: Library,
): Promise<FaceCandidates[]> {
  const candidates = results.flatMap((result) => [
    ...result.candidates,
    ...result.groups.flatMap((group) => group.candidates),
  ]);
  const persons = await personsOf([...new Set(candidates.map(({ personId }) => personId))], library);
  const detailed = (found: readonly Candidate[]): Candidate[] =>
    found.flatMap((candidate) => {
      const person = persons.get(candidate.personId);
      return person === undefined ? [] : [{ ...candidate, person }];
    });
  return results.map((result) => ({
    ...result,
    candidates: detailed(result.candidates),
    groups: result.groups.map((group) => ({ ...group, candidates: detailed(group.candidates) })),
  }));
}

async function personsOf(ids: readonly string[], { people }: Library): Promise<ReadonlyMap<string, Person>> {
  const persons = new Map<string, Person>();
  for (let start = 0; start < ids.length; start += BATCH) {
    for (const person of await people.getPersons(ids.slice(start, start + BATCH))) {
      persons.set(person.id, personMessage(person));
    }
  }
  return persons;
}
