import type { IndexedTemplate } from '@mien/people';
import type { LibraryIndex, LibraryMatch } from '../../library';

/** Which faces a duplicate check compares. */
export interface CheckedFaces {
  readonly groupIds: readonly string[];
  readonly modelVersion: string;
  /** Faces at least so alike make their persons a pair. */
  readonly minimumCosine: number;
}

/** Enough for most faces: nobody but the persons' own other faces is that alike. */
const FIRST_COUNT = 10;
const GROWTH = 4;
/** Somebody enrolled more often than this is still one cluster: every face finds so many of the others. */
const LARGEST_COUNT = 640;

/**
 * For each probe the faces that are at least so alike, the probe itself and its person's others among them. More are
 * asked for where as many as were asked for are alike.
 */
export async function facesAlike(
  index: LibraryIndex,
  probes: readonly IndexedTemplate[],
  faces: CheckedFaces,
): Promise<readonly (readonly LibraryMatch[])[]> {
  const found: (readonly LibraryMatch[])[] = probes.map(() => []);
  let open = probes.map((_, place) => place);
  for (let count = FIRST_COUNT; open.length > 0; count = Math.min(count * GROWTH, LARGEST_COUNT)) {
    const vectors = open.map((place) => probes[place]?.vector ?? new Float32Array());
    const matches = await index.nearestMany(vectors, { ...faces, count });
    open.forEach((place, at) => {
      found[place] = matches[at] ?? [];
    });
    open = count === LARGEST_COUNT ? [] : open.filter((place) => (found[place]?.length ?? 0) >= count);
  }
  return found;
}
