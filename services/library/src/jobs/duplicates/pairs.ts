import type { DuplicatePair, IndexedTemplate } from '@mien/people';
import type { LibraryMatch } from '../../library';

/**
 * The pairs of persons that searches found, one for each two faces: `matches` are those of the probe in the same place.
 * A person is never paired with itself. The person whose id is the lesser one comes first.
 */
export function pairsOf(
  probes: readonly IndexedTemplate[],
  matches: readonly (readonly LibraryMatch[])[],
  scoreOf: (cosine: number) => number,
): DuplicatePair[] {
  return probes.flatMap((probe, place) =>
    (matches[place] ?? [])
      .filter(({ face }) => face.personId !== probe.personId)
      .map(({ face, cosine }) => {
        const [first, second] = probe.personId < face.personId ? [probe, face] : [face, probe];
        return { first: paired(first), second: paired(second), score: scoreOf(cosine) };
      }),
  );
}

function paired({ personId, faceId }: IndexedTemplate): DuplicatePair['first'] {
  return { personId, faceId };
}
