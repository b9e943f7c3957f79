import type { Job, JobFailure, JobProgress, JobStore, Lease } from './jobs';
import type { NewTemplate } from './model-versions';
import type { Page, PageRequest } from './page';

/** Has groups searched with another model: every face gets a template of it, then the groups switch. */
export interface ModelUpgrade extends Job {
  readonly fromVersion: string;
  readonly toVersion: string;
  readonly facesFailed: number;
}

export interface NewModelUpgrade {
  /** 1..100, all of one model version. */
  readonly groupIds: readonly string[];
  readonly toVersion: string;
}

/** A face that no template could be made for. */
export interface FailedFace extends JobFailure {
  readonly faceId: string;
}

export interface ModelUpgradeStore extends JobStore<ModelUpgrade> {
  /**
   * Throws GROUP_NOT_FOUND, MODEL_VERSIONS_DIFFER, and JOB_ALREADY_RUNNING while an upgrade of one of the groups is;
   * ARGUMENT_INVALID when they are of that version as it is.
   */
  create(upgrade: NewModelUpgrade): Promise<ModelUpgrade>;
  /**
   * Progress, the templates of its batch and the faces that failed, at once, and a new lease. A face that failed
   * before and has a template now has not failed. Throws JOB_LOST.
   */
  save(
    lease: Lease,
    progress: JobProgress & {
      readonly templates: readonly NewTemplate[];
      readonly failed: readonly FailedFace[];
    },
    leaseSeconds: number,
  ): Promise<void>;
  /**
   * Switches those of the groups that are still there. Throws JOB_LOST, MODEL_VERSIONS_DIFFER, and TEMPLATES_MISSING
   * when faces failed or were enrolled meanwhile without a template of the new version: they can still be seen to.
   */
  finish(lease: Lease): Promise<ModelUpgrade>;
  /** Back to the version before. Throws JOB_NOT_FOUND, JOB_NOT_DONE, UPGRADE_NOT_REVERSIBLE. */
  rollBack(id: string): Promise<ModelUpgrade>;
  /** Oldest first. Throws JOB_NOT_FOUND, CURSOR_INVALID. */
  failedFaces(id: string, page: PageRequest): Promise<Page<FailedFace>>;
}
