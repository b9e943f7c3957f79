/** A face's template, and what a search filters by. */
export interface IndexedVector {
  /** Lower-case UUID. */
  readonly faceId: string;
  readonly personId: string;
  /** All groups that the face can be found in. */
  readonly groupIds: readonly string[];
  /** Of unit length. */
  readonly vector: Float32Array;
}

export interface VectorMatch {
  readonly faceId: string;
  readonly personId: string;
  /** -1..1, as near as the index keeps vectors: whoever needs the exact one reckons it from the full templates. */
  readonly cosine: number;
}

export interface VectorQuery {
  /** How many matches are wanted at most, 1 or more. */
  readonly count: number;
  /** Faces of any of these groups; all faces unless given. */
  readonly groupIds?: readonly string[];
}

/**
 * The faces of one model version, found by likeness. It follows the database, which alone knows who is enrolled: what
 * it finds has to be looked up there.
 *
 * Every call throws VECTOR_INDEX_UNAVAILABLE when the index can't be reached or is gone, and ARGUMENT_INVALID for a
 * vector of another length than the index's.
 */
export interface VectorIndex {
  /**
   * Adds faces, or replaces vector, person and groups of those that are there. When it returns, every later search
   * finds them. Throws LIMIT_REACHED when they do not fit; some may then have been added.
   */
  upsert(entries: readonly IndexedVector[]): Promise<void>;
  /** Takes faces away. Unknown ids are no error. */
  remove(faceIds: readonly string[]): Promise<void>;
  /** Faces most like the probe, best first. */
  search(probe: Float32Array, query: VectorQuery): Promise<readonly VectorMatch[]>;
  /** Searches with many probes: the matches of each, in the order of the probes. Other searches need not wait for it. */
  searchMany(
    probes: readonly Float32Array[],
    query: VectorQuery,
  ): Promise<readonly (readonly VectorMatch[])[]>;
  /** How many faces there are. */
  count(): Promise<number>;
  /** Every face id there is, in batches. What comes and goes meanwhile may be among them or not. */
  faceIds(): AsyncIterable<readonly string[]>;
  /** Whether it answers. Never throws. */
  healthy(): Promise<boolean>;
  close(): Promise<void>;
}

/** The indexes of all model versions. */
export interface VectorIndexes {
  /** Whether their contents survive a restart. */
  readonly durable: boolean;
  /** The index of a model version: a new, empty one if there is none. It may be opened more than once. */
  open(modelVersion: string): Promise<VectorIndex>;
  /** Throws away the index of a model version, with all that is in it. No error if there is none. */
  drop(modelVersion: string): Promise<void>;
  close(): Promise<void>;
}
