import { MienError } from '@mien/errors';
import { BlobRef, Job } from '@mien/proto';
import type { ObjectStore } from '@mien/stores';
import { headers, type MsgHdrs } from '@nats-io/transport-node';
import type { StageName } from './catalog';
import type { Bus } from './connection';
import { cropBlobs, loadCrops, offloadCrops } from './crops';

/** A job too large for a message even without its crops lies in the object store; this header says where. */
const BLOB_HEADER = 'Mien-Blob';

/** Bytes of a message that are kept free for its headers. */
const HEADER_ROOM_BYTES = 4_096;

/**
 * Crops beyond this travel through the object store even where the server would take them in the message: every
 * hop copies a message five times and stores it, while a blob is written once and read by who needs it.
 */
const MAX_INLINE_BYTES = 65_536;

export interface Sealed {
  readonly payload: Uint8Array;
  readonly headers: MsgHdrs;
}

export interface Unsealed {
  readonly job: Job;
  /** What of it lay in the object store. */
  readonly blobs: readonly BlobRef[];
}

/** Puts jobs into messages and takes them out again. */
export class Envelopes {
  constructor(
    private readonly bus: Bus,
    private readonly store: ObjectStore,
    private readonly retentionSeconds: number,
  ) {}

  /** A job as a message; crops that are too large together go to the object store, the whole job if need be. */
  async seal(job: Job): Promise<Sealed> {
    const limit = Math.min(MAX_INLINE_BYTES, this.bus.maxPayload / 2);
    await offloadCrops(job, this.store, limit, this.retentionSeconds);
    const payload = Job.encode(job).finish();
    if (payload.byteLength <= this.bus.maxPayload - HEADER_ROOM_BYTES) {
      return { payload, headers: headers() };
    }
    const ref = await this.store.put(payload, { prefix: 'jobs', retentionSeconds: this.retentionSeconds });
    const hdrs = headers();
    hdrs.set(BLOB_HEADER, JSON.stringify(BlobRef.toJSON(ref)));
    return { payload: Job.encode({ ...job, photos: [], similarity: undefined }).finish(), headers: hdrs };
  }

  /** The whole job that a message stands for. Throws BLOB_LOST. */
  async unseal(opened: Job, hdrs: MsgHdrs | undefined): Promise<Unsealed> {
    const ref = blobOf(hdrs);
    const job = ref === undefined ? opened : decode(await this.store.get(ref));
    return { job, blobs: [...(ref === undefined ? [] : [ref]), ...cropBlobs(job)] };
  }

  /** Puts the pixels that a stage reads into the job. Throws BLOB_LOST. */
  load(job: Job, stage: StageName): Promise<void> {
    return loadCrops(job, stage, this.store);
  }
}

/**
 * The job in a message; when it was too large for one, all of it but its photos. Throws INTERNAL when the
 * message holds none.
 */
export function openJob(payload: Uint8Array): Job {
  const job = decode(payload);
  if (job.id === '') {
    throw new MienError('INTERNAL', 'the message holds no job: it has no id');
  }
  return job;
}

/** Carries the place of a job that lies in the object store over to another message. */
export function copyBlobHeader(from: MsgHdrs | undefined, to: MsgHdrs): void {
  const value = from?.get(BLOB_HEADER) ?? '';
  if (value !== '') {
    to.set(BLOB_HEADER, value);
  }
}

function blobOf(hdrs: MsgHdrs | undefined): BlobRef | undefined {
  const value = hdrs?.get(BLOB_HEADER) ?? '';
  return value === '' ? undefined : BlobRef.fromJSON(JSON.parse(value));
}

function decode(payload: Uint8Array): Job {
  try {
    return Job.decode(payload);
  } catch (error) {
    throw new MienError('INTERNAL', 'the message holds no job', { cause: error });
  }
}
