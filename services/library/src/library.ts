import type { IndexedTemplate, PeopleStore } from '@mien/people';
import type { ObjectStore } from '@mien/stores';
import type { ScoreCalibration } from '@mien/vision';
import type { Logger } from 'pino';
import type { Turns } from './turns';

/**
 * What every part of the library works with. The people store is the truth; `follow` makes the index the same as the
 * truth says now, and is waited for before a write is answered.
 */
export interface Library {
  readonly people: PeopleStore;
  readonly index: LibraryIndex;
  readonly objects: ObjectStore;
  readonly blobs: LibraryBlobs;
  readonly events: LibraryEvents;
  readonly model: LibraryModel;
  /** Writers of one person, and enrolments of one group that must not resemble each other. */
  readonly turns: Turns;
  readonly logger: Logger;
  readonly settings: LibrarySettings;
}

/** The embedding model that new groups are searched with. */
export interface LibraryModel {
  readonly version: string;
  /** From cosine to score, by model version. Throws MODEL_VERSIONS_DIFFER for one that no pack describes. */
  calibrationOf(modelVersion: string): ScoreCalibration;
}

export interface LibrarySettings {
  /** How long an enrolment may take between its first blob and its commit before the blobs count as abandoned. */
  readonly enrolmentLeaseSeconds: number;
  /** Whether the photos that faces were enrolled from are kept beside the crops. */
  readonly keepPhotos: boolean;
  /** Faces that one search may look through, over all of its groups. */
  readonly facesPerSearch: number;
}

/** Where the blobs of enrolled faces lie in the object store. Nothing else is put under these prefixes. */
export const ENROLLED_CROPS = 'enrolled-crops';
export const ENROLLED_PHOTOS = 'enrolled-photos';

/** A face of the library that is like a probe, told by the database: its score is that of the full templates. */
export interface LibraryMatch {
  readonly face: IndexedTemplate;
  readonly cosine: number;
}

export interface LibraryIndexQuery {
  readonly groupIds: readonly string[];
  readonly modelVersion: string;
  /** The nearest faces that are still there and in one of the groups, best first, at most so many. */
  readonly count: number;
  /** Faces less like the probe than this are left out, and their templates not read. All are good unless given. */
  readonly minimumCosine?: number;
}

/** The vector indexes, kept the same as the database. */
export interface LibraryIndex {
  /** Candidates of the vector index, re-scored and filtered by what the database holds now. */
  nearest(probe: Float32Array, query: LibraryIndexQuery): Promise<readonly LibraryMatch[]>;
  /** As nearest for each of the probes, at less than the cost of asking for each. */
  nearestMany(
    probes: readonly Float32Array[],
    query: LibraryIndexQuery,
  ): Promise<readonly (readonly LibraryMatch[])[]>;
  /** Returns when the index of a model version holds every face that has a template of it. */
  load(modelVersion: string): Promise<void>;
  /**
   * Applies what waits in the outbox of the index and returns when everything committed before the call is applied.
   * Concurrent calls share the work. Throws VECTOR_INDEX_UNAVAILABLE when that fails: then it is done as soon as it can be.
   */
  follow(): Promise<void>;
}

/** Deletes blobs that no face uses any more. */
export interface LibraryBlobs {
  /**
   * Deletes what waits in the outbox of the blobs and is due; returns when everything committed before the call is
   * deleted. Concurrent calls share the work. Throws what the object store throws: then it is done later.
   */
  follow(): Promise<void>;
}

/** Tells the world of what was enrolled. */
export interface LibraryEvents {
  /** Tells of what waits in the outbox of the events, soon; nobody waits for it. */
  tellSoon(): void;
}
