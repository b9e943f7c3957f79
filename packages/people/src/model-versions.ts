import type { FaceBatch, FaceRange } from './templates';

/** A template of one model version. */
export interface VersionedTemplate {
  readonly modelVersion: string;
  /** 512 numbers. */
  readonly template: Float32Array;
}

/** A template for a face that is enrolled. */
export interface NewTemplate extends VersionedTemplate {
  readonly faceId: string;
}

/** A face that has no template of some model version. */
export interface FaceLackingTemplate {
  readonly faceId: string;
  readonly personId: string;
  /** Of the object store. Without it, there is nothing to make the template of. */
  readonly cropKey?: string;
}

/**
 * A face may have templates of several model versions. A group names the one that it is searched with, and every face
 * of the group has a template of it. A person may be in groups of different versions, with templates of all of them.
 */
export interface ModelVersionStore {
  /**
   * Adds templates, or puts them in the place of earlier ones, at most 1000, and tells the index (`face-added`). Gives
   * the ids of the faces that are there; the others are left out.
   */
  addTemplates(templates: readonly NewTemplate[]): Promise<readonly string[]>;
  /** Faces of groups that have no template of the version, oldest first. */
  streamFacesLackingTemplate(
    modelVersion: string,
    range: FaceRange,
  ): AsyncIterable<FaceBatch<FaceLackingTemplate>>;
  /**
   * Has the groups searched with another version from now on, all or none. Throws GROUP_NOT_FOUND, MODEL_VERSIONS_DIFFER
   * when one is not of the version `from`, TEMPLATES_MISSING, whose metadata tells of how many faces (`faces`).
   */
  switchModelVersion(groupIds: readonly string[], from: string, to: string): Promise<void>;
  /**
   * Back to the version before the last switch, once. Throws GROUP_NOT_FOUND, UPGRADE_NOT_REVERSIBLE when a group has
   * none, or faces that lack its templates.
   */
  rollBackModelVersion(groupIds: readonly string[]): Promise<void>;
  /**
   * Removes all templates of a version and says how many. No group can go back to it any more. Throws
   * MODEL_VERSION_IN_USE when a group is searched with it or an unfinished job needs it.
   */
  dropTemplates(modelVersion: string): Promise<number>;
}
