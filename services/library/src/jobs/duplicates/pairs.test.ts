import type { IndexedTemplate } from '@mien/people';
import type { LibraryMatch } from '../../library';
import { pairsOf } from './pairs';

const percent = (cosine: number) => cosine * 100;

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
    const fromA = pairsOf([face('a')], [[match('b', 0.8)]], percent);
    const fromB = pairsOf([face('b')], [[match('a', 0.8)]], percent);
    expect(fromA).toEqual([
      { first: { personId: 'a', faceId: 'a-1' }, second: { personId: 'b', faceId: 'b-1' }, score: 80 },
    ]);
    expect(fromB).toEqual(fromA);
  });

  it('are never of a person alone', () => {
    expect(pairsOf([face('a')], [[match('a', 1), match('a', 0.9, 2)]], percent)).toEqual([]);
  });

  it('are of the probe that each of the matches belongs to', () => {
    const probes = [face('a', 1), face('c', 2)];
    const pairs = pairsOf(probes, [[match('b', 0.5), match('d', 0.25)], [match('b', 0.75, 3)]], percent);
    expect(pairs.map(({ first, second, score }) => [first.faceId, second.faceId, score])).toEqual([
      ['a-1', 'b-1', 50],
      ['a-1', 'd-1', 25],
      ['b-3', 'c-2', 75],
    ]);
  });
});
