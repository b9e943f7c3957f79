import type { Page, PageRequest } from './page';

/** A set of persons that is searched together. */
export interface Group {
  readonly id: string;
  readonly name: string;
  readonly tag: string;
  /** Of the group's own fields: every member has a value for each. */
  readonly fieldNames: readonly string[];
  /** The embedding model that the group is searched with: every face has a template of it. */
  readonly modelVersion: string;
  /** The one before, to which the group can go back. */
  readonly previousModelVersion?: string;
  readonly personCount: number;
  readonly faceCount: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface NewGroup {
  /** Letters, digits and -%@#&_, 1..64 bytes. */
  readonly id: string;
  /** 1..60 characters, unique among groups. */
  readonly name: string;
  /** 0..40 characters. */
  readonly tag?: string;
  /** At most five (LibraryLimits.fieldsPerGroup), 1..30 characters each, no two alike. */
  readonly fieldNames?: readonly string[];
  readonly modelVersion: string;
}

/** A value for one of a group's own fields, by its index from 0. */
export interface IndexedValue {
  readonly index: number;
  readonly value: string;
}

/** Only what is set changes. */
export interface GroupChanges {
  readonly name?: string;
  readonly tag?: string;
  /** Renames fields, or adds them behind the last. */
  readonly fieldNames?: readonly IndexedValue[];
}

export interface GroupStore {
  /** Throws GROUP_ID_TAKEN, GROUP_NAME_TAKEN, LIMIT_REACHED. */
  createGroup(group: NewGroup): Promise<Group>;
  /** Throws GROUP_NOT_FOUND. */
  getGroup(id: string): Promise<Group>;
  /** Those that are there, in the order of the ids. */
  getGroups(ids: readonly string[]): Promise<readonly Group[]>;
  /** All groups, oldest first. Throws CURSOR_INVALID. */
  listGroups(page: PageRequest): Promise<Page<Group>>;
  /** Throws GROUP_NOT_FOUND, GROUP_NAME_TAKEN, LIMIT_REACHED. */
  updateGroup(id: string, changes: GroupChanges): Promise<Group>;
  /**
   * Persons that are only in this group go with all their faces; others stay. From the start on nobody sees or joins
   * the group. A deletion that was broken off goes on when it is asked for again or the store is opened again. Throws GROUP_NOT_FOUND.
   */
  deleteGroup(id: string): Promise<{ readonly deletedPersons: number }>;
}
