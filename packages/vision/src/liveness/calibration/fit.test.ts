import { LIVENESS_SIGNALS } from '@mien/models';
import { combinedScore, type Evidence } from '../combination';
import { calibrate, THRESHOLD } from './calibrate';
import { areaUnderCurve } from './error-rates';
import { Random } from './random';
import { type Sample, UNTOUCHED } from './samples';

/** Samples of which `model` and `frameThird` tell the classes apart, and nothing else does. */
function samples(count: number): Sample[] {
  const random = new Random(5);
  return Array.from({ length: count }, (_, i) => {
    const live = i % 2 === 0;
    const noise = Object.fromEntries(LIVENESS_SIGNALS.map((name) => [name, random.normal()])) as Evidence;
    const shift = live ? 1 : -1;
    const evidence = { ...noise, model: shift + random.normal(), frameThird: random.normal() - shift };
    return { kind: live ? UNTOUCHED : 'phone', live, faceSize: 100, evidence };
  });
}

test('the fit finds what tells live from attack, and which way', () => {
  const combination = calibrate(samples(800));
  const weight = (name: string): number =>
    combination.terms.find(({ evidence }) => evidence === name)?.weight ?? Number.NaN;
  expect(weight('model')).toBeGreaterThan(0.5);
  expect(weight('frameThird')).toBeLessThan(-0.5);
  for (const { evidence, weight: other } of combination.terms) {
    if (evidence !== 'model' && evidence !== 'frameThird') {
      expect(Math.abs(other)).toBeLessThan(0.25);
    }
  }
});

test('the threshold refuses no more of the live than wanted', () => {
  const drawn = samples(800);
  const combination = calibrate(drawn);
  const live = drawn.filter((sample) => sample.live);
  const refused = live.filter((sample) => combinedScore(sample.evidence, combination) < THRESHOLD);
  expect(refused.length / live.length).toBeLessThanOrEqual(0.05);
  expect(refused.length).toBeGreaterThan(0);
});

test('the area under the curve counts pairs in order', () => {
  expect(areaUnderCurve([3, 4], [1, 2])).toBe(1);
  expect(areaUnderCurve([1, 4], [2, 3])).toBe(0.5);
  expect(areaUnderCurve([2, 2], [2])).toBe(0.5);
});
