import type { IndexedTemplate } from '@mien/people';
import type { LibraryMatch } from '../../library';
import { pairsOf } from './pairs';

function face(personId: string, number = 1): IndexedTemplate {
  return {
    faceId: `${personId}-${number}`,
    personId,
    groupIds: ['g'],
    modelVersion: 'm',
    vector: new Float32Array(1),
  };
}

function match(personId: string, cosine: number, number = 1): LibraryMatch {
  return { face: face(personId, number), cosine };
}

describe('pairs', () => {
  it('name the lesser id first, whoever was the probe', () => {
    const fromA = pairsOf([face('a')], [[match('b', 0.8)]]);
    const fromB = pairsOf([face('b')], [[match('a', 0.8)]]);
    expect(fromA).toEqual([
      {
        first: { personId: 'a', faceId: 'a-1' },
        second: { personId: 'b', faceId: 'b-1' },
        cosine: 0.8,
      },
    ]);
    expect(fromB).toEqual(fromA);
  });

  it('are never of a person alone', () => {
    expect(pairsOf([face('a')], [[match('a', 1), match('a', 0.9, 2)]])).toEqual([]);
  });

  it('come once, by the most alike faces', () => {
    const probes = [face('a', 1), face('a', 2), face('b', 1)];
    const matches = [[match('b', 0.6)], [match('b', 0.9, 2), match('c', 0.7)], [match('a', 0.6)]];
    expect(pairsOf(probes, matches)).toEqual([
      {
        first: { personId: 'a', faceId: 'a-2' },
        second: { personId: 'b', faceId: 'b-2' },
        cosine: 0.9,
      },
      {
        first: { personId: 'a', faceId: 'a-2' },
        second: { personId: 'c', faceId: 'c-1' },
        cosine: 0.7,
      },
    ]);
  });
});
