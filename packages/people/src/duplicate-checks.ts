import type { Job, JobProgress, JobStore, Lease } from './jobs';
import type { Page, PageRequest } from './page';

/** A search for persons that are likely the same, within some groups. */
export interface DuplicateCheck extends Job {
  /** Of the groups when the check was made. */
  readonly modelVersion: string;
  /** The caller's own measure: pairs that are saved have at least this score. */
  readonly minimumScore: number;
  /** So far, less those of faces that were deleted since. */
  readonly pairsFound: number;
}

export interface NewDuplicateCheck {
  /** A UUID in lower case; made unless given. */
  readonly id?: string;
  /** 1..100, all of one model version. */
  readonly groupIds: readonly string[];
  readonly minimumScore: number;
}

/** Two persons that are likely the same, by their most alike faces. The first person's id is the lesser one. */
export interface DuplicatePair {
  readonly first: DuplicateFace;
  readonly second: DuplicateFace;
  readonly score: number;
}

export interface DuplicateFace {
  readonly personId: string;
  readonly faceId: string;
}

export interface DuplicateCheckStore extends JobStore<DuplicateCheck> {
  /**
   * The check that has the given id is answered as it is. Throws ARGUMENT_INVALID, GROUP_NOT_FOUND,
   * MODEL_VERSIONS_DIFFER, CONFLICT when the id is that of another check, and JOB_ALREADY_RUNNING while a check over the
   * same groups is.
   */
  create(check: NewDuplicateCheck): Promise<DuplicateCheck>;
  /**
   * Progress and the pairs of its batch, at once, and a new lease. Of a pair of persons the best score is kept. Pairs
   * of faces that are gone are left out. Throws JOB_LOST.
   */
  save(
    lease: Lease,
    progress: JobProgress & { readonly pairs: readonly DuplicatePair[] },
    leaseSeconds: number,
  ): Promise<void>;
  /** Throws JOB_LOST. */
  finish(lease: Lease): Promise<DuplicateCheck>;
  /** By falling score. A pair goes with either of its faces. Throws JOB_NOT_FOUND, CURSOR_INVALID. */
  pairs(id: string, page: PageRequest): Promise<Page<DuplicatePair>>;
}
