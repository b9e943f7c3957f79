import type { IndexedTemplate, PeopleStore } from '@mien/people';
import type { ObjectStore } from '@mien/stores';
import type { ScoreCalibration } from '@mien/vision';
import type { Logger } from 'pino';

/**
 * What every part of the library works with. The people store is the truth; `follow` makes the index the same as the
 * truth says now, and is waited for before a write is answered.
 */
export interface Library {
  readonly people: PeopleStore;
  readonly index: LibraryIndex;
  readonly objects: ObjectStore;
  readonly model: LibraryModel;
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
}

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
}

/** The vector indexes, kept the same as the database. */
export interface LibraryIndex {
  /** Candidates of the vector index, re-scored and filtered by what the database holds now. */
  nearest(probe: Float32Array, query: LibraryIndexQuery): Promise<readonly LibraryMatch[]>;
  /**
   * Applies what waits in the outbox of the index and returns when everything committed before the call is applied.
   * Concurrent calls share the work.
   */
  follow(): Promise<void>;
}
