/** A template with all that a vector index keeps beside it. */
export interface IndexedTemplate {
  readonly faceId: string;
  readonly personId: string;
  /** All groups of the person. */
  readonly groupIds: readonly string[];
  readonly modelVersion: string;
  readonly vector: Float32Array;
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
}
