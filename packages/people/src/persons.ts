import type { Reason } from '@mien/errors';
import type { BoundingBox, Gender } from '@mien/proto';
import type { IndexedValue } from './groups';
import type { VersionedTemplate } from './model-versions';
import type { Page, PageRequest } from './page';

/** Somebody with enrolled faces, member of one or more groups. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly gender: Gender;
  /** Oldest first; never empty. */
  readonly faces: readonly PersonFace[];
  /** In the order of joining. */
  readonly memberships: readonly Membership[];
  /** Grows with every change of the person, the faces or the memberships. */
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A person in a group. */
export interface Membership {
  readonly groupId: string;
  /** One for each of the group's own fields, in their order; empty until set. */
  readonly fieldValues: readonly string[];
}

/** An enrolled face. Its template is read through TemplateStore only. */
export interface PersonFace {
  readonly id: string;
  /** Where it was in the photo. */
  readonly box: BoundingBox;
  /** Overall quality at enrolment, 0..100. */
  readonly quality: number;
  /** That it was enrolled with; another one once the templates of that were dropped. */
  readonly modelVersion: string;
  /** Keys of the object store. */
  readonly cropKey?: string;
  readonly photoKey?: string;
  readonly createdAt: Date;
}

export interface NewFace {
  /** A new lower-case UUID, of the caller's making: blobs are kept under it before the face is. */
  readonly id: string;
  readonly box: BoundingBox;
  readonly quality: number;
  /** With the further templates, those of all of the person's groups must be there. */
  readonly modelVersion: string;
  /** 512 numbers. */
  readonly template: Float32Array;
  /** Of other model versions, for an upgrade that is under way. */
  readonly furtherTemplates?: readonly VersionedTemplate[];
  /** Reserved blobs of this face alone (ObjectStore's scope sees to it): they are deleted with it. */
  readonly cropKey?: string;
  readonly photoKey?: string;
}

export interface NewPerson {
  /** Letters, digits and -%@#&_, 1..64 bytes, unique in the whole library. */
  readonly id: string;
  readonly groupId: string;
  /** 1..60 characters. */
  readonly name: string;
  readonly gender?: Gender;
  /** In the order of the group's own fields; missing ones are empty. */
  readonly fieldValues?: readonly string[];
  readonly face: NewFace;
}

/** Only what is set changes. */
export interface PersonChanges {
  readonly name?: string;
  readonly gender?: Gender;
}

/** A change that is only good while the person is as it was read; otherwise CONFLICT. */
export interface ExpectedState {
  readonly revision?: number;
}

/** Why a group was not joined. */
export interface GroupRefusal {
  readonly groupId: string;
  readonly reason: Reason;
  readonly message: string;
}

export interface JoinResult {
  readonly joinedGroupIds: readonly string[];
  readonly refused: readonly GroupRefusal[];
}

/**
 * Writers of one person wait for each other. Whoever waits longer than the store's lock timeout gets CONFLICT, and
 * nothing was done.
 */
export interface PersonStore {
  /**
   * The person, the first face, its template and the membership, all or nothing. Throws PERSON_ID_TAKEN,
   * FACE_ID_TAKEN, GROUP_NOT_FOUND, MODEL_VERSIONS_DIFFER, LIMIT_REACHED, BLOB_NOT_RESERVED.
   */
  createPerson(person: NewPerson): Promise<Person>;
  /** Throws PERSON_NOT_FOUND. */
  getPerson(id: string): Promise<Person>;
  /** Those that are there, in the order of the ids. */
  getPersons(ids: readonly string[]): Promise<readonly Person[]>;
  /** Whose the faces are, of those that are there: by face id. */
  personsOfFaces(faceIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** The members of a group in the order of joining. Throws GROUP_NOT_FOUND, CURSOR_INVALID. */
  listPersons(groupId: string, page: PageRequest): Promise<Page<Person>>;
  /** Throws PERSON_NOT_FOUND, CONFLICT. */
  updatePerson(id: string, changes: PersonChanges, expected?: ExpectedState): Promise<Person>;
  /** With faces, templates and memberships. Throws PERSON_NOT_FOUND. */
  deletePerson(id: string): Promise<void>;

  /**
   * Joins all groups that can be joined and tells why not the others: GROUP_NOT_FOUND, PERSON_ALREADY_IN_GROUP,
   * MODEL_VERSIONS_DIFFER, LIMIT_REACHED. Throws PERSON_NOT_FOUND.
   */
  addToGroups(personId: string, groupIds: readonly string[]): Promise<JoinResult>;
  /** Out of the last group, the person is deleted. Throws PERSON_NOT_FOUND, GROUP_NOT_FOUND, PERSON_NOT_IN_GROUP. */
  removeFromGroup(personId: string, groupId: string): Promise<{ readonly personDeleted: boolean }>;
  /** Sets a member's values in the group's own fields. Throws as removeFromGroup. */
  updateMembership(personId: string, groupId: string, values: readonly IndexedValue[]): Promise<Membership>;

  /**
   * All of the faces or none. Throws PERSON_NOT_FOUND, FACE_ID_TAKEN, LIMIT_REACHED, MODEL_VERSIONS_DIFFER,
   * BLOB_NOT_RESERVED, CONFLICT.
   */
  addFaces(
    personId: string,
    faces: readonly NewFace[],
    expected?: ExpectedState,
  ): Promise<readonly PersonFace[]>;
  /**
   * Removes those of the faces that are there and says which. Throws PERSON_NOT_FOUND, FACE_NOT_FOUND when none is
   * there, LAST_FACE when none would stay.
   */
  deleteFaces(personId: string, faceIds: readonly string[]): Promise<readonly string[]>;
}
