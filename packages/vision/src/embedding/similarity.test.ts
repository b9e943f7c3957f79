import { defaultManifestPath, loadPack } from '@mien/models';
import { cosineOf, cosineReaching, type ScoreCalibration, scoreOf, similarity } from './similarity';

const SIMPLE: ScoreCalibration = {
  knots: [
    { cosine: -0.5, score: 10 },
    { cosine: 0, score: 20 },
    { cosine: 0.5, score: 80 },
  ],
  falseAcceptRates: [],
};

function template(modelVersion: string, ...vector: number[]) {
  return { modelVersion, vector };
}

test('scores lie on straight lines between the knots and stay constant outside', () => {
  const scores = [-1, -0.5, -0.25, 0, 0.125, 0.5, 1].map((cosine) => scoreOf(cosine, SIMPLE));
  expect(scores).toEqual([10, 10, 15, 20, 35, 80, 80]);
});

test('a score is reached from its cosine on, by every one or by none', () => {
  const cosines = [5, 10, 15, 20, 35, 80, 80.1].map((score) => cosineReaching(score, SIMPLE));
  expect(cosines).toEqual([-1, -1, -0.25, 0, 0.125, 0.5, Number.POSITIVE_INFINITY]);
});

test('the cosine does not depend on the lengths of the vectors', () => {
  expect(cosineOf([3, 0], [0.1, 0])).toBeCloseTo(1, 12);
  expect(cosineOf([3, 0], [-7, 0])).toBeCloseTo(-1, 12);
  expect(cosineOf([1, 1], [1, 0])).toBeCloseTo(Math.SQRT1_2, 12);
});

test('the answer names the model version', () => {
  expect(similarity(template('m', 1, 0), template('m', 0, 1), SIMPLE)).toEqual({
    cosine: 0,
    score: 20,
    modelVersion: 'm',
  });
});

test('templates of two model versions are not compared', () => {
  expect(() => similarity(template('m-1', 1, 0), template('m-2', 1, 0), SIMPLE)).toThrow(
    expect.objectContaining({
      reason: 'MODEL_VERSIONS_DIFFER',
      metadata: { versionA: 'm-1', versionB: 'm-2' },
    }),
  );
});

test.each([
  ['lengths differ', [1, 0], [1, 0, 0]],
  ['a vector has no direction', [1, 0], [0, 0]],
  ['a number is missing', [1, 0], [Number.NaN, 0]],
])('refused: %s', (_, a, b) => {
  expect(() => similarity(template('m', ...a), template('m', ...b), SIMPLE)).toThrow(
    expect.objectContaining({ reason: 'ARGUMENT_INVALID' }),
  );
});

describe("the default pack's calibration", () => {
  const { calibration } = loadPack(defaultManifestPath()).model('embedding').embedding;

  test('rises strictly from 0 at cosine -1 to 100 at cosine 1', () => {
    const scores = Array.from({ length: 2001 }, (_, index) => scoreOf(index / 1000 - 1, calibration));
    expect(scores[0]).toBe(0);
    expect(scores.at(-1)).toBe(100);
    scores.slice(1).forEach((score, index) => {
      expect(score).toBeGreaterThan(scores[index] ?? 100);
    });
  });

  test('states 40, 50 and 60 for false-accept rates of at most 1e-3, 1e-4 and 1e-5', () => {
    expect(calibration.falseAcceptRates.map(({ score }) => score)).toEqual([40, 50, 60]);
    calibration.falseAcceptRates.forEach(({ score, cosine, falseAcceptRate }, index) => {
      expect(scoreOf(cosine, calibration)).toBeCloseTo(score, 9);
      expect(falseAcceptRate).toBeLessThanOrEqual(10 ** -(3 + index));
      expect(falseAcceptRate).toBeGreaterThan(10 ** -(4 + index));
    });
  });
});
