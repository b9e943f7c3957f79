import type { IndexedVector } from '@mien/vectors';
import { syntheticFace } from '../synthetic-faces';

export const DIMENSIONS = 512;
/** Faces of each person. */
export const SAMPLES = 3;
/** A photo of a person that nobody was enrolled with. */
const PROBE_SAMPLE = 9;

/** Ways to narrow a search: all faces, a group of 1 % of them, a hundred groups of 0.1 % each. */
export const FILTERS = ['all', 'onePercent', 'hundredGroups'] as const;
export type Filter = (typeof FILTERS)[number];

/** Every person is in one group of 1 % of the persons, and in one of 0.1 %. */
const LARGE_GROUPS = 100;
const SMALL_GROUPS = 1_000;

export function identityOf(face: number): number {
  return Math.floor(face / SAMPLES);
}

export function vectorOf(face: number): Float32Array {
  return syntheticFace(identityOf(face), face % SAMPLES);
}

export function entryOf(face: number, vector: Float32Array): IndexedVector {
  const identity = identityOf(face);
  return {
    faceId: faceIdOf(face),
    personId: `person-${identity}`,
    groupIds: [`large-${identity % LARGE_GROUPS}`, `small-${identity % SMALL_GROUPS}`],
    vector,
  };
}

/** A UUID whose digits are spread as those of real ones. */
export function faceIdOf(face: number): string {
  const first = face.toString(16).padStart(8, '0');
  const last = (Math.imul(face, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0');
  return `${first}-0000-4000-8000-0000${last}`;
}

/** Another photo of a person. */
export function probeOf(identity: number): Float32Array {
  return syntheticFace(identity, PROBE_SAMPLE);
}

/** The groups that a search for the person is narrowed to; the person is in one of them. */
export function groupsOf(filter: Filter, identity: number): readonly string[] | undefined {
  switch (filter) {
    case 'all':
      return undefined;
    case 'onePercent':
      return [`large-${identity % LARGE_GROUPS}`];
    case 'hundredGroups':
      return Array.from({ length: 100 }, (_, index) => `small-${index * 10 + (identity % 10)}`);
  }
}

/** Identities that leave the same rest are in the same group, or among the same hundred groups. */
const MODULUS: Readonly<Record<Filter, number>> = { all: 1, onePercent: LARGE_GROUPS, hundredGroups: 10 };

/** Whether a search for `searched` under the filter may find `enrolled`. */
export function isIn(filter: Filter, enrolled: number, searched: number): boolean {
  const modulus = MODULUS[filter];
  return enrolled % modulus === searched % modulus;
}
