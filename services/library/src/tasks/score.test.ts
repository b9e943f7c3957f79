import { defaultManifestPath, loadPack } from '@mien/models';
import { scoreOf } from '@mien/vision';
import { askedScore, cosineOfScore } from './score';

const { calibration } = loadPack(defaultManifestPath()).model('embedding').embedding;

describe('scores', () => {
  it('lead back to the cosine that they came from', () => {
    for (let cosine = -1; cosine <= 1; cosine += 0.01) {
      expect(cosineOfScore(scoreOf(cosine, calibration), calibration)).toBeCloseTo(cosine, 9);
    }
    for (const { cosine, score } of calibration.knots) {
      expect(cosineOfScore(score, calibration)).toBeCloseTo(cosine, 12);
    }
  });

  it('give the smallest cosine that reaches them where the scale is flat or ends', () => {
    const knots = [
      { cosine: -0.5, score: 10 },
      { cosine: 0.2, score: 40 },
      { cosine: 0.6, score: 40 },
      { cosine: 0.9, score: 95 },
    ];
    const flat = { knots, falseAcceptRates: [] };
    expect(cosineOfScore(5, flat)).toBe(-1);
    expect(cosineOfScore(10, flat)).toBe(-1);
    expect(cosineOfScore(25, flat)).toBeCloseTo(-0.15, 12);
    expect(cosineOfScore(40, flat)).toBeCloseTo(0.2, 12);
    expect(cosineOfScore(41, flat)).toBeGreaterThan(0.6);
    expect(cosineOfScore(99, flat)).toBe(1);
  });

  it('are refused outside 0..100', () => {
    expect([0, 60, 100].map((score) => askedScore('threshold', score))).toEqual([0, 60, 100]);
    for (const score of [-0.1, 100.1, Number.NaN, Infinity]) {
      expect(() => askedScore('threshold', score)).toThrow(
        expect.objectContaining({
          reason: 'ARGUMENT_INVALID',
          metadata: expect.objectContaining({ field: 'threshold' }),
        }),
      );
    }
  });
});
