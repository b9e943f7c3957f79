/** A template with all that a vector index keeps beside it. */
export interface IndexedTemplate {
  readonly faceId: string;
  readonly personId: string;
  /** All groups of the person. */
  readonly groupIds: readonly string[];
  readonly modelVersion: string;
  readonly vector: Float32Array;
}

/** Faces of some groups, oldest first. */
export interface FaceRange {
  readonly groupIds: readonly string[];
  /** Faces up to the cursor of this batch are passed over; 0, none, unless given. */
  readonly after?: number;
  /** Faces that were enrolled later (`Claim.lastFace`) are left out. */
  readonly upTo?: number;
  /** 1..10,000; 1000 unless given. */
  readonly batchSize?: number;
}

/** About so many faces as were asked for; may be none. */
export interface FaceBatch<T> {
  readonly entries: readonly T[];
  /** The stream goes on from here, after a crash too. */
  readonly cursor: number;
}

/** Templates of a batch. */
export interface Resealed {
  /** Encrypted anew with the newest key. */
  readonly resealed: number;
  /** Left as they are: damaged, or encrypted with a key that is not there. */
  readonly unreadable: number;
}

export interface TemplateStore {
  /** Templates of those of the faces that are there, oldest face first: of one model version, or of every. */
  templatesOfFaces(faceIds: readonly string[], modelVersion?: string): Promise<readonly IndexedTemplate[]>;
  /** The same of all faces of those of the persons that are there. */
  templatesOfPersons(
    personIds: readonly string[],
    modelVersion?: string,
  ): Promise<readonly IndexedTemplate[]>;
  /**
   * Every template of a model version that was there at the start and still is, oldest face first, in batches. What
   * comes or goes meanwhile is told by the outbox.
   */
  streamTemplates(modelVersion: string, batchSize?: number): AsyncIterable<readonly IndexedTemplate[]>;
  /** Templates of a model version of the faces of some groups. Groups that are not there have none. */
  streamTemplatesOfGroups(modelVersion: string, range: FaceRange): AsyncIterable<FaceBatch<IndexedTemplate>>;
  /**
   * Encrypts the templates that are encrypted with an older key, or not at all, with the newest, in batches, one
   * transaction each. Broken off, it does the rest the next time. Throws CONFIGURATION_INVALID when there is no key.
   */
  reencryptTemplates(batchSize?: number): AsyncIterable<Resealed>;
}
