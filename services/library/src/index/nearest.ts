import type { IndexedTemplate, PeopleStore } from '@mien/people';
import type { VectorIndex, VectorMatch } from '@mien/vectors';
import type { LibraryIndexQuery, LibraryMatch } from '../library';
import { cosineOf } from './similarity';

/** Candidates beyond those wanted: the index orders by shortened vectors, and some faces may be gone already. */
const SPARE = 8;
/** How much further to look when too many candidates were gone. */
const GROWTH = 4;
const MOST_CANDIDATES = 20_000;
const FACES_AT_ONCE = 1_000;
/** How far a cosine of the index may lie from the exact one: int8 vectors err by less than half of this. */
const INDEX_ERROR = 0.02;

interface OpenProbe {
  readonly position: number;
  readonly probe: Float32Array;
}

/**
 * The nearest faces of each probe, best first. The index only proposes: scores and groups are the database's of now.
 * Faces that are gone or left the groups are replaced by the next nearest.
 */
export async function nearestOfEach(
  probes: readonly Float32Array[],
  query: LibraryIndexQuery,
  index: VectorIndex,
  people: PeopleStore,
): Promise<readonly (readonly LibraryMatch[])[]> {
  const found: (readonly LibraryMatch[])[] = probes.map(() => []);
  let open: readonly OpenProbe[] = probes.map((probe, position) => ({ position, probe }));
  for (let wanted = query.count + SPARE; open.length > 0; wanted *= GROWTH) {
    const count = Math.min(wanted, MOST_CANDIDATES);
    const proposed = await index.searchMany(
      open.map(({ probe }) => probe),
      { count, groupIds: query.groupIds },
    );
    const near = proposed.map((matches) => nearEnough(matches, query));
    const templates = await readTemplates(near.flat(), query, people);
    const further: OpenProbe[] = [];
    open.forEach((each, place) => {
      const candidates = near[place] ?? [];
      const matches = scored(each.probe, candidates, templates, query);
      found[each.position] = matches;
      if (matches.length < query.count && candidates.length >= count && count < MOST_CANDIDATES) {
        further.push(each);
      }
    });
    open = further;
  }
  return found;
}

function nearEnough(
  matches: readonly VectorMatch[],
  { minimumCosine }: LibraryIndexQuery,
): readonly VectorMatch[] {
  return minimumCosine === undefined
    ? matches
    : matches.filter(({ cosine }) => cosine >= minimumCosine - INDEX_ERROR);
}

/** Those of the candidates that the database has in the groups, by face. */
async function readTemplates(
  candidates: readonly VectorMatch[],
  { groupIds, modelVersion }: LibraryIndexQuery,
  people: PeopleStore,
): Promise<ReadonlyMap<string, IndexedTemplate>> {
  const wanted = new Set(groupIds);
  const faceIds = [...new Set(candidates.map(({ faceId }) => faceId))];
  const present = new Map<string, IndexedTemplate>();
  for (let from = 0; from < faceIds.length; from += FACES_AT_ONCE) {
    const batch = faceIds.slice(from, from + FACES_AT_ONCE);
    for (const template of await people.templatesOfFaces(batch, modelVersion)) {
      if (template.groupIds.some((id) => wanted.has(id))) {
        present.set(template.faceId, template);
      }
    }
  }
  return present;
}

function scored(
  probe: Float32Array,
  candidates: readonly VectorMatch[],
  templates: ReadonlyMap<string, IndexedTemplate>,
  { count, minimumCosine = -1 }: LibraryIndexQuery,
): readonly LibraryMatch[] {
  return candidates
    .flatMap(({ faceId }) => templates.get(faceId) ?? [])
    .map((face) => ({ face, cosine: cosineOf(probe, face.vector) }))
    .filter(({ cosine }) => cosine >= minimumCosine)
    .sort((a, b) => b.cosine - a.cosine || (a.face.faceId < b.face.faceId ? -1 : 1))
    .slice(0, count);
}
