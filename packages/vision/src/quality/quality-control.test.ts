import type { Completeness, HeadPose, Openness, Quality } from '@mien/proto';
import { meetsQualityControl, type QualityLevel, qualityShortfalls } from './quality-control';

const POSE: HeadPose = { pitch: 0, yaw: 0, roll: 40 };
const OPEN: Openness = { leftEye: 0.6, rightEye: 0.6, mouth: 0 };
const WHOLE: Completeness = { eyebrow: 100, eye: 100, nose: 100, cheek: 100, mouth: 100, chin: 100 };
const BEST: Quality = { score: 95, sharpness: 90, brightness: 50, completeness: WHOLE };

/** The highest level that a face meets. */
function highest(quality: Partial<Quality>, pose: HeadPose = POSE, openness: Openness = OPEN): number {
  const levels: QualityLevel[] = [4, 3, 2, 1, 0];
  return levels.find((level) => meetsQualityControl({ ...BEST, ...quality }, pose, openness, level)) ?? -1;
}

function covering(...parts: (keyof Completeness)[]): Partial<Quality> {
  return { completeness: { ...WHOLE, ...Object.fromEntries(parts.map((part) => [part, 10])) } };
}

test('each level lets through what the levels of the specification do', () => {
  expect(highest({})).toBe(4);
  // One slight flaw at level 4, two at level 3, more at level 2.
  expect(highest({ brightness: 20 })).toBe(4);
  expect(highest({ brightness: 80, sharpness: 75 })).toBe(3);
  expect(highest({ ...covering('eyebrow', 'cheek'), brightness: 20 })).toBe(2);
  expect(highest({ ...covering('eyebrow', 'cheek', 'chin'), brightness: 20 })).toBe(2);
  // Eyes, nose or mouth covered, or a very blurred face: level 1 alone.
  expect(highest(covering('mouth'))).toBe(1);
  expect(highest(covering('eye'))).toBe(1);
  expect(highest({ sharpness: 30 })).toBe(1);
  // The worst: nothing to see.
  expect(highest(covering('eye', 'nose', 'mouth'))).toBe(0);
  expect(highest({ sharpness: 5 })).toBe(0);
});

test('blur is tolerated less the higher the level', () => {
  expect([95, 70, 55, 45, 20, 3].map((sharpness) => highest({ sharpness }))).toEqual([4, 4, 3, 2, 1, 0]);
});

test('a face turned away meets fewer levels; a roll is no flaw', () => {
  const turned = (yaw: number): HeadPose => ({ ...POSE, yaw });
  expect([10, -30, 40, 60].map((yaw) => highest({}, turned(yaw)))).toEqual([4, 3, 2, 1]);
  expect(highest({}, { pitch: 48, yaw: 0, roll: 0 })).toBe(1);
  expect(highest({}, { ...POSE, roll: 179 })).toBe(4);
});

test('shut eyes are a slight flaw', () => {
  const shut = { ...OPEN, leftEye: 0.05 };
  expect(highest({}, POSE, shut)).toBe(4);
  expect(highest({ brightness: 10 }, POSE, shut)).toBe(3);
});

test('a shortfall names what falls short, with its figure', () => {
  expect(qualityShortfalls({ ...BEST, sharpness: 31 }, POSE, OPEN, 2)).toEqual([
    'sharpness 31 (at least 40)',
  ]);
  expect(qualityShortfalls({ ...BEST, ...covering('mouth') }, POSE, OPEN, 3)).toEqual([
    'mouth covered (completeness 10, more than 50 is uncovered)',
  ]);
});
