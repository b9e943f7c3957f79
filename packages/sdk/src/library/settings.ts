import type { Gender, Matching, UniquenessControl } from '@mien/proto';
import type { PhotoSettings } from '../settings';

export interface NewGroup {
  readonly id: string;
  readonly name: string;
  readonly tag?: string;
  readonly fieldNames?: readonly string[];
}

/** What changes of a group; a field name's index is its place, the next free one adds a field. */
export interface GroupChanges {
  readonly name?: string;
  readonly tag?: string;
  readonly fieldNames?: readonly { readonly index: number; readonly name: string }[];
}

export interface NewPerson {
  readonly groupId: string;
  readonly id: string;
  readonly name: string;
  readonly gender?: Gender;
  /** In the order of the group's field names. */
  readonly fieldValues?: readonly string[];
}

export interface PersonChanges {
  readonly name?: string;
  readonly gender?: Gender;
}

export interface EnrolSettings extends PhotoSettings {
  /** 0 no check .. 4 very high. */
  readonly qualityControl?: number;
  readonly uniquenessControl?: UniquenessControl;
}

export interface AddFacesSettings extends PhotoSettings {
  /** 0..100: faces that resemble the person's less are refused; 60 unless given. */
  readonly minimumSimilarity?: number;
  /** 0 no check .. 4 very high. */
  readonly qualityControl?: number;
}

export interface VerifySettings extends PhotoSettings {
  readonly matching?: Matching;
  /** 0..100; 60 unless given. */
  readonly threshold?: number;
  /** 0 no check .. 4 very high. */
  readonly qualityControl?: number;
}

export interface SearchSettings extends PhotoSettings {
  /** The largest faces of the photo, 1..10; 1 unless given. */
  readonly maxFaces?: number;
  /** 1..100; 5 unless given. */
  readonly maxCandidates?: number;
  readonly matching?: Matching;
  /** Candidates for each group on its own. */
  readonly perGroup?: boolean;
  /** 0..100. */
  readonly minimumScore?: number;
  /** The persons themselves with the candidates. */
  readonly withPersons?: boolean;
  /** Where the photo comes from, a camera say: the answer is told as events, which rules are checked against. */
  readonly source?: string;
  /** 0 no check .. 4 very high. */
  readonly qualityControl?: number;
}
