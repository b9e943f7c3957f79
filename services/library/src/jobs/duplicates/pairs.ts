import type { IndexedTemplate } from '@mien/people';
import type { LibraryMatch } from '../../library';

/** Two persons that are likely the same, by their most alike faces. The first person's id is the lesser one. */
export interface PersonPair {
  readonly first: PairedFace;
  readonly second: PairedFace;
  readonly cosine: number;
}

export interface PairedFace {
  readonly personId: string;
  readonly faceId: string;
}

/**
 * The pairs of persons that searches found: `matches` are those of the probe in the same place. A person is never
 * paired with itself, and each pair comes once, with its most alike faces.
 */
export function pairsOf(
  probes: readonly IndexedTemplate[],
  matches: readonly (readonly LibraryMatch[])[],
): PersonPair[] {
  const best = new Map<string, PersonPair>();
  probes.forEach((probe, index) => {
    for (const { face, cosine } of matches[index] ?? []) {
      if (face.personId !== probe.personId) {
        const pair = pairOf(probe, face, cosine);
        const key = `${pair.first.personId} ${pair.second.personId}`;
        const known = best.get(key);
        if (known === undefined || known.cosine < pair.cosine) {
          best.set(key, pair);
        }
      }
    }
  });
  return [...best.values()];
}

function pairOf(a: IndexedTemplate, b: IndexedTemplate, cosine: number): PersonPair {
  const [first, second] = a.personId < b.personId ? [a, b] : [b, a];
  return { first: paired(first), second: paired(second), cosine };
}

function paired({ personId, faceId }: IndexedTemplate): PairedFace {
  return { personId, faceId };
}
