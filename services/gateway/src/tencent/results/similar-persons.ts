import type { Call } from '../../usecases/call';
import type { UseCases } from '../../usecases/use-cases';
import { answered } from '../actions/answered';

const PAGE = 1_000;

/** Pairs of persons that are likely the same, most alike first, each with the groups that the person is in. */
export async function* similarPersons(id: string, { library, libraryJobs }: UseCases, call: Call) {
  const groupsOf = new Map<string, Promise<string[]>>();
  const person = async ({ personId, faceId }: { personId: string; faceId: string }) => {
    const known = groupsOf.get(personId) ?? readGroups(personId);
    groupsOf.set(personId, known);
    return { PersonId: personId, FaceId: faceId, GroupIds: await known };
  };
  const readGroups = async (personId: string) => {
    const answer = await library.getPerson({ id: personId }, call);
    return answered(answer.person).memberships.map(({ groupId }) => groupId);
  };
  let cursor = '';
  do {
    const { pairs, nextCursor } = await libraryJobs.listDuplicatePairs(
      { id, page: { size: PAGE, cursor } },
      call,
    );
    for (const { first, second, score } of pairs) {
      yield { Score: score, Persons: [await person(answered(first)), await person(answered(second))] };
    }
    cursor = nextCursor;
  } while (cursor !== '');
}
