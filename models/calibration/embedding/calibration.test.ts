import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sample } from './aligned-faces';
import { type AllPairs, allPairs } from './cosine-pairs';
import { cautiousThresholds, rateAt, thresholdAt } from './false-accepts';
import { calibrate } from './knots';
import { peopleOf } from './people';

const CAUTION = { people: 60, draws: 200, confidence: 0.95, seed: 7 };

/** People with three photos each: a direction of their own, and a little noise, in eight dimensions. */
function crowd(people: number): Sample[] {
  let state = 1;
  const random = (): number => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647 - 0.5;
  };
  return Array.from({ length: people }, (_, person) => {
    const own = Array.from({ length: 8 }, random);
    return Array.from({ length: 3 }, () => {
      const vector = own.map((value) => value + random() * 0.2);
      const length = Math.hypot(...vector);
      return { person: `p${person}`, vector: Float32Array.from(vector, (value) => value / length) };
    });
  }).flat();
}

const pairs: AllPairs = allPairs(crowd(60));

test('every pair is counted once, with its people, cosines falling', () => {
  expect(pairs.photosOfPerson).toEqual(Array.from({ length: 60 }, () => 3));
  expect(pairs.genuine.cosines).toHaveLength(60 * 3);
  expect(pairs.impostor.cosines).toHaveLength((180 * 179) / 2 - 180);
  for (const { cosines, first, second } of [pairs.genuine, pairs.impostor]) {
    expect([...cosines]).toEqual([...cosines].sort((a, b) => b - a));
    expect(first.length).toBe(cosines.length);
    expect(second.length).toBe(cosines.length);
  }
  expect(pairs.genuine.second).toEqual(pairs.genuine.first);
  const { first, second } = pairs.impostor;
  expect(first.every((person, index) => person !== second[index])).toBe(true);
});

test('a threshold lets through the share of pairs that it was asked for', () => {
  for (const rate of [0.5, 0.1, 0.01]) {
    const reached = rateAt(thresholdAt(rate, pairs.impostor), pairs.impostor);
    expect(reached).toBeLessThanOrEqual(rate);
    expect(reached).toBeGreaterThan(rate - 2 / pairs.impostor.cosines.length);
  }
});

test('caution raises thresholds, more confidence raises them more, and a seed repeats them', () => {
  const rates = [0.01, 0.1];
  const [strict = 0, loose = 0] = cautiousThresholds(rates, pairs, CAUTION);
  expect(strict).toBeGreaterThan(thresholdAt(0.01, pairs.impostor));
  expect(loose).toBeGreaterThan(thresholdAt(0.1, pairs.impostor));
  expect(cautiousThresholds(rates, pairs, CAUTION)).toEqual([strict, loose]);
  const [surer = 0] = cautiousThresholds(rates, pairs, { ...CAUTION, confidence: 1 });
  expect(surer).toBeGreaterThan(strict);
});

test('with everyone alike in weight, a confidence of one half is close to the plain threshold', () => {
  const [median = 0] = cautiousThresholds([0.05], pairs, { ...CAUTION, confidence: 0.5 });
  expect(Math.abs(median - thresholdAt(0.05, pairs.impostor))).toBeLessThan(0.02);
});

test('the score starts at 0, ends at 100 and rises through the stated thresholds', () => {
  // So few pairs say nothing of 1e-5: the thresholds all come out as the most alike impostors.
  const { knots, falseAcceptRates } = calibrate(pairs, CAUTION);
  expect(knots[0]).toEqual({ cosine: -1, score: 0 });
  expect(knots.at(-1)).toEqual({ cosine: 1, score: 100 });
  expect(falseAcceptRates.map(({ score }) => score)).toEqual([40, 50, 60]);
  for (const [index, { score }] of knots.slice(1).entries()) {
    expect(score).toBeGreaterThan(knots[index]?.score ?? 100);
  }
});

test('the people of a pairs list are read from both kinds of lines', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'mien-pairs-')), 'pairs.txt');
  writeFileSync(file, '1\nAnn\t1\t2\nBob\t1\tCy\t3\n');
  expect(peopleOf(file)).toEqual(['Ann', 'Bob', 'Cy']);
});
