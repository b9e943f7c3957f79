/** Stages that an answer may go without. */
export type OptionalStage = 'landmark' | 'attributes' | 'liveness' | 'embedder';

/** What is asked of an installation. */
export interface Workload {
  readonly photosPerSecond: number;
  readonly facesPerPhoto: number;
  /** Of them, those whose box has 64 pixels or more to its shorter side: they take longer. */
  readonly largeFacesPerPhoto: number;
  readonly megapixels: number;
  /** Faces that are enrolled. */
  readonly libraryFaces: number;
  /** Searches of the whole library for each photo; 0 where nobody is looked for. */
  readonly searchesPerPhoto: number;
  /** Stages beside the detector that photos go through. */
  readonly stages: readonly OptionalStage[];
  /** 95 of 100 photos are to be answered within this time. */
  readonly p95Ms: number;
  /** Of what pods can do, so much is used at most, 0..1. */
  readonly utilisation: number;
  /** Cores of a pod; those of the chart unless given. */
  readonly coresPerPod?: number;
  /** Seconds of photos that may wait in queues and have to find room there. */
  readonly backlogSeconds: number;
}

/** What is paid, in any currency. Only what has a price is counted. */
export interface Prices {
  readonly coreHour?: number;
  readonly memoryGbHour?: number;
  readonly storageGbMonth?: number;
}
