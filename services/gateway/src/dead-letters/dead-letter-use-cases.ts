import { MienError } from '@mien/errors';
import {
  DeadLetterKind,
  type DeadLetterRecord,
  type DeadLetterServiceService,
  type ListDeadLettersRequest,
  type ListDeadLettersResponse,
  RedriveDeadLetterResponse,
} from '@mien/proto';
import { USUAL_PAGE } from '../notifications/pages';
import type { Methods } from '../usecases/methods';
import type { LetterSource } from './letter-source';

/** mien.v1.DeadLetterService without a transport. */
export type DeadLetterUseCases = Methods<typeof DeadLetterServiceService>;

/** What the platform gave up on, of whatever kind. */
export function deadLetterUseCases(sources: readonly LetterSource[]): DeadLetterUseCases {
  const sourceOf = (id: string): { source: LetterSource; rest: string } => {
    const source = sources.find(({ prefix }) => id.startsWith(`${prefix}-`));
    if (source === undefined) {
      throw new MienError('DEAD_LETTER_NOT_FOUND', 'there is no such dead letter');
    }
    return { source, rest: id.slice(source.prefix.length + 1) };
  };
  return {
    listDeadLetters: (request) => list(request, sources),
    getDeadLetter: async ({ id }) => {
      const { source, rest } = sourceOf(id);
      return { letter: await source.get(rest) };
    },
    redriveDeadLetter: async ({ id }) => {
      const { source, rest } = sourceOf(id);
      await source.redrive(rest);
      return RedriveDeadLetterResponse.fromPartial({});
    },
  };
}

/** Where the list goes on in each source: after the letter of that id there. */
type Places = Readonly<Record<string, string>>;

async function list(
  { page, kinds }: ListDeadLettersRequest,
  sources: readonly LetterSource[],
): Promise<ListDeadLettersResponse> {
  const size = page?.size || USUAL_PAGE;
  const wanted = sources.filter(({ kind }) => kinds.length === 0 || kinds.includes(kind));
  if (kinds.includes(DeadLetterKind.DEAD_LETTER_KIND_UNSPECIFIED)) {
    throw new MienError('ARGUMENT_INVALID', 'kinds: there is no such kind', { metadata: { field: 'kinds' } });
  }
  const places = placesIn(page?.cursor ?? '');
  const found = await Promise.all(wanted.map(async (source) => source.list(size + 1, places[source.prefix])));
  const letters = newestOf(found, size);
  const more = found.flat().length > size;
  return { letters, nextCursor: more ? cursorAfter(letters, places, wanted) : '' };
}

/** The first of several lists together, the newest first as far as each list keeps its own order. */
function newestOf(lists: readonly (readonly DeadLetterRecord[])[], size: number): DeadLetterRecord[] {
  const queues = lists.map((list) => [...list]);
  const letters: DeadLetterRecord[] = [];
  while (letters.length < size) {
    const newest = queues.toSorted((a, b) => timeOf(b[0]) - timeOf(a[0]))[0]?.shift();
    if (newest === undefined) {
      break;
    }
    letters.push(newest);
  }
  return letters;
}

function timeOf(letter: DeadLetterRecord | undefined): number {
  return letter?.diedAt?.getTime() ?? 0;
}

function cursorAfter(
  letters: readonly DeadLetterRecord[],
  before: Places,
  sources: readonly LetterSource[],
): string {
  const places = sources.flatMap(({ prefix }) => {
    const last = letters.findLast(({ id }) => id.startsWith(`${prefix}-`));
    const place = last?.id.slice(prefix.length + 1) ?? before[prefix];
    return place === undefined ? [] : [[prefix, place]];
  });
  return Buffer.from(JSON.stringify(Object.fromEntries(places))).toString('base64url');
}

function placesIn(cursor: string): Places {
  if (cursor === '') {
    return {};
  }
  try {
    const places: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (typeof places === 'object' && places !== null) {
      return Object.fromEntries(
        Object.entries(places).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      );
    }
  } catch {
    // No JSON: told below.
  }
  throw new MienError('CURSOR_INVALID', 'this is no cursor of the list', {
    metadata: { field: 'page.cursor' },
  });
}
