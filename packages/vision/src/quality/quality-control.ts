import type { HeadPose, Openness, Quality } from '@mien/proto';
import { FACE_PARTS, type FacePart } from './appearance-model';

/** 0 no check, 1 low, 2 medium, 3 high, 4 very high. */
export type QualityLevel = 0 | 1 | 2 | 3 | 4;

/** Completeness at or below which a part counts as covered. */
const COVERED: Readonly<Record<FacePart, number>> = {
  eyebrow: 80,
  eye: 80,
  nose: 60,
  cheek: 70,
  mouth: 50,
  chin: 70,
};

/** Parts that recognition can't do without; the others are slight flaws. */
const VITAL: ReadonlySet<FacePart> = new Set(['eye', 'nose', 'mouth']);

/** The parts that a mask leaves free. */
export const UNMASKED_PARTS: readonly FacePart[] = ['eyebrow', 'eye'];

/** What a level lets pass. */
interface Allowance {
  /** Sharpness that must be reached. */
  readonly sharpness: number;
  /** Sharpness below which the blur is one of the slight flaws. */
  readonly sharp: number;
  /** Eyes, nose and mouth that may be covered. */
  readonly vital: number;
  /** Slight flaws (bright, dark, blur, brow, cheek or chin covered, eyes shut) that may come together. */
  readonly slight: number;
  /** Turn away from the camera, in degrees. */
  readonly turn: number;
}

const ALLOWANCES: Readonly<Record<Exclude<QualityLevel, 0>, Allowance>> = {
  1: { sharpness: 10, sharp: 0, vital: 2, slight: 7, turn: 90 },
  2: { sharpness: 40, sharp: 60, vital: 0, slight: 4, turn: 45 },
  3: { sharpness: 50, sharp: 70, vital: 0, slight: 2, turn: 35 },
  4: { sharpness: 60, sharp: 80, vital: 0, slight: 1, turn: 25 },
};

const DARK = 30;
const BRIGHT = 70;

/** Openness of an eye below which it is shut. */
const SHUT = 0.15;

/**
 * What keeps a face from meeting a quality control level, in words with figures; nothing when it meets it. The levels
 * follow what is known of the cloud product: 1 refuses the worst only, 2 tolerates several slight flaws, 3 two, 4 one.
 * `parts` are those that may not be covered, all of them by default.
 */
export function qualityShortfalls(
  quality: Quality,
  pose: HeadPose,
  openness: Openness,
  level: QualityLevel,
  parts: readonly FacePart[] = FACE_PARTS,
): string[] {
  if (level === 0) return [];
  const allowed = ALLOWANCES[level];
  const covered = coveredParts(quality).filter(([part]) => parts.includes(part));
  const vital = covered.filter(([part]) => VITAL.has(part)).map(([, words]) => words);
  const slight = [
    ...covered.filter(([part]) => !VITAL.has(part)).map(([, words]) => words),
    ...slightFlaws(quality, openness, allowed),
  ];
  const turn = Math.max(Math.abs(pose.yaw), Math.abs(pose.pitch));
  return [
    ...(quality.sharpness < allowed.sharpness
      ? [atLeast('sharpness', quality.sharpness, allowed.sharpness)]
      : []),
    ...(turn > allowed.turn ? [`turned away by ${turn.toFixed(0)} degrees (at most ${allowed.turn})`] : []),
    ...(vital.length > allowed.vital ? vital : []),
    ...(slight.length > allowed.slight ? slight : []),
  ];
}

/** Whether a face meets a quality control level. */
export function meetsQualityControl(
  quality: Quality,
  pose: HeadPose,
  openness: Openness,
  level: QualityLevel,
): boolean {
  return qualityShortfalls(quality, pose, openness, level).length === 0;
}

/** A level as it stands in a request; undefined when there is no such level. */
export function qualityLevel(value: number): QualityLevel | undefined {
  return value === 0 || value === 1 || value === 2 || value === 3 || value === 4 ? value : undefined;
}

function coveredParts({ completeness }: Quality): [FacePart, string][] {
  if (!completeness) return [];
  return FACE_PARTS.filter((part) => completeness[part] <= COVERED[part]).map((part) => [
    part,
    `${part} covered (completeness ${completeness[part].toFixed(0)}, more than ${COVERED[part]} is uncovered)`,
  ]);
}

function slightFlaws(quality: Quality, openness: Openness, { sharp }: Allowance): string[] {
  const { brightness, sharpness } = quality;
  return [
    ...(brightness <= DARK ? [`too dark (brightness ${brightness.toFixed(0)}, more than ${DARK})`] : []),
    ...(brightness >= BRIGHT
      ? [`too bright (brightness ${brightness.toFixed(0)}, less than ${BRIGHT})`]
      : []),
    ...(sharpness < sharp ? [atLeast('sharpness', sharpness, sharp)] : []),
    ...(Math.min(openness.leftEye, openness.rightEye) < SHUT ? ['an eye is shut'] : []),
  ];
}

function atLeast(name: string, figure: number, least: number): string {
  return `${name} ${figure.toFixed(0)} (at least ${least})`;
}
