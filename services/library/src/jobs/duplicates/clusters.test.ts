import type { DuplicatePair } from '@mien/people';
import { clustersOf } from './clusters';

function pair(first: string, second: string, score: number): DuplicatePair {
  return {
    first: { personId: first, faceId: `${first}-face` },
    second: { personId: second, faceId: `${second}-face` },
    score,
  };
}

describe('clusters', () => {
  it('are the connected persons, largest first, then by their first person', () => {
    const pairs = [pair('x', 'y', 0.9), pair('c', 'd', 0.6), pair('a', 'b', 0.7), pair('b', 'c', 0.8)];
    expect(clustersOf([...pairs, pair('m', 'n', 0.5)])).toEqual([
      { personIds: ['a', 'b', 'c', 'd'], weakestScore: 0.6 },
      { personIds: ['m', 'n'], weakestScore: 0.5 },
      { personIds: ['x', 'y'], weakestScore: 0.9 },
    ]);
  });

  it('are held together by the weakest pair that is needed, not by the weakest there is', () => {
    const pairs = [pair('a', 'c', 0.55), pair('a', 'b', 0.9), pair('b', 'c', 0.7)];
    expect(clustersOf(pairs)).toEqual([{ personIds: ['a', 'b', 'c'], weakestScore: 0.7 }]);
  });

  it('are the same whatever the order of the pairs, as a search from every person tells', () => {
    const ids = Array.from({ length: 200 }, (_, index) => `p${String(index).padStart(3, '0')}`);
    const pairs = Array.from({ length: 150 }, (_, index) => {
      const [a = '', b = ''] = [ids[(index * 37) % 200], ids[(index * 91 + 5) % 200]].sort();
      return pair(a, b, 0.5 + ((index * 29) % 150) / 400);
    }).filter(({ first, second }) => first.personId !== second.personId);
    const clusters = clustersOf(pairs);
    expect(clustersOf([...pairs].reverse())).toEqual(clusters);
    const reached = new Set(pairs.map(({ first }) => reachable(first.personId, pairs, -1).join(' ')));
    expect(new Set(clusters.map(({ personIds }) => personIds.join(' ')))).toEqual(reached);
    for (const { personIds, weakestScore } of clusters) {
      const [start = ''] = personIds;
      expect(reachable(start, pairs, weakestScore)).toEqual(personIds);
      expect(reachable(start, pairs, weakestScore + 1e-9)).not.toEqual(personIds);
    }
  });

  it('of no pairs are none', () => {
    expect(clustersOf([])).toEqual([]);
  });
});

/** Everybody that can be reached over pairs at least so alike, by id. */
function reachable(start: string, pairs: readonly DuplicatePair[], minimum: number): string[] {
  const found = new Set([start]);
  for (const id of found) {
    for (const { first, second, score } of pairs) {
      if (score >= minimum && (first.personId === id || second.personId === id)) {
        found.add(first.personId).add(second.personId);
      }
    }
  }
  return [...found].sort();
}
