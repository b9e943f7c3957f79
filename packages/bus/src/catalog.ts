/**
 * The stage catalog: one place that says how each stage's queue behaves. Streams, consumers, worker limits,
 * dashboards and autoscaling all read it.
 */
export const STAGE_NAMES = ['detector', 'landmark', 'attributes', 'liveness', 'embedder'] as const;

export type StageName = (typeof STAGE_NAMES)[number];

/** Which working data of a face a stage reads; the runtime drops what no later stage of the itinerary needs. */
export type FaceData = 'context' | 'liveness' | 'aligned' | 'mesh';

export interface StageEntry {
  readonly needs: readonly FaceData[];
  /** Time without ack or working() after which the server hands the job to another worker. */
  readonly ackWaitMs: number;
  /** Deliveries, the first included, before the job counts as dead. */
  readonly maxDeliver: number;
  /** Waits before the second, third ... attempt after a failure that may pass. */
  readonly backoffMs: readonly number[];
  /** Unacknowledged jobs over all workers of a lane: at least replicas x concurrency. */
  readonly maxAckPending: number;
}

const QUEUE = { ackWaitMs: 3_000, maxDeliver: 4, backoffMs: [200, 1_000, 5_000], maxAckPending: 2_048 } as const;

export const STAGE_CATALOG: Readonly<Record<StageName, StageEntry>> = {
  detector: { ...QUEUE, needs: [] },
  landmark: { ...QUEUE, needs: ['context'] },
  attributes: { ...QUEUE, needs: ['context', 'mesh'] },
  liveness: { ...QUEUE, needs: ['liveness', 'context', 'mesh'] },
  embedder: { ...QUEUE, needs: ['aligned'] },
};
