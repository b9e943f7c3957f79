import { MienError } from '@mien/errors';
import type { Job } from '@mien/proto';

/**
 * The stage catalog: one place that says how each stage's queue behaves. Streams, consumers, worker limits,
 * dashboards and autoscaling all read it.
 */
export const STAGE_NAMES = ['detector', 'landmark', 'attributes', 'liveness', 'embedder', 'library'] as const;

export type StageName = (typeof STAGE_NAMES)[number];

/** The stage of that name. Throws INTERNAL: itineraries are made by ourselves. */
export function stageNamed(name: string | undefined): StageName {
  const stage = STAGE_NAMES.find((known) => known === name);
  if (stage === undefined) {
    throw new MienError('INTERNAL', `an itinerary names no stage of ours: ${name ?? 'it is empty'}`);
  }
  return stage;
}

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

const QUEUE = {
  ackWaitMs: 3_000,
  maxDeliver: 4,
  backoffMs: [200, 1_000, 5_000],
  maxAckPending: 2_048,
} as const;

export const STAGE_CATALOG: Readonly<Record<StageName, StageEntry>> = {
  detector: { ...QUEUE, needs: [] },
  landmark: { ...QUEUE, needs: ['context'] },
  attributes: { ...QUEUE, needs: ['context', 'mesh'] },
  liveness: { ...QUEUE, needs: ['liveness', 'context', 'mesh'] },
  embedder: { ...QUEUE, needs: ['aligned'] },
  library: { ...QUEUE, needs: ['aligned'] },
};

/** What a stage reads of the faces of a job: of the library's tasks only enrolments keep crops. */
export function needsOf(stage: StageName, job: Job): readonly FaceData[] {
  const task = job.options?.library?.task?.$case;
  const enrols = task === 'createPerson' || task === 'addFaces';
  return stage === 'library' && !enrols ? [] : STAGE_CATALOG[stage].needs;
}

export const LANES = ['interactive', 'batch'] as const;

/** Interactive work overtakes batch work at every stage. */
export type LaneName = (typeof LANES)[number];

/** Jobs in a stage's queue above which new ones are refused. */
export const MAX_QUEUED_JOBS = 100_000;

/** A job nobody took within this time is gone; every deadline is far nearer. */
export const MAX_QUEUED_AGE_MS = 24 * 3_600_000;

/** A job published again within this time (a redelivery that was already forwarded) is dropped by the server. */
export const DUPLICATE_WINDOW_MS = 120_000;

/** How long the dead-letter stream keeps a job. Its photo and crops go sooner, with their own retention. */
export const DEAD_LETTER_AGE_MS = 14 * 24 * 3_600_000;

/** The smallest max_payload of a server that the line works with: the default of nats-server. */
export const REQUIRED_MAX_PAYLOAD_BYTES = 1_048_576;

/** max_payload of the server that Mien starts itself: room for the crops of several large faces. */
export const OWN_MAX_PAYLOAD_BYTES = 8_388_608;
