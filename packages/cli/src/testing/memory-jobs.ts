import { Server, ServerCredentials, status } from '@grpc/grpc-js';
import { MienError, toServiceError } from '@mien/errors';
import {
  JobResult,
  type JobServiceServer,
  JobServiceService,
  JobState,
  type SubmitJobRequest,
  SubmittedJob,
} from '@mien/proto';

interface Kept {
  readonly request: SubmitJobRequest;
  job: SubmittedJob;
}

/** A service that keeps jobs in memory; each is done when it is watched, photos without a name refused. */
export class MemoryJobs {
  readonly kept: Kept[] = [];
  /** How many submissions are refused for load, each with a time to come back. */
  refusals = 0;
  private readonly server = new Server();

  async start(): Promise<string> {
    this.server.addService(JobServiceService, this.service());
    const port = await new Promise<number>((resolve, reject) =>
      this.server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      ),
    );
    return `127.0.0.1:${port}`;
  }

  stop(): void {
    this.server.forceShutdown();
  }

  private submit(request: SubmitJobRequest): SubmittedJob {
    if (this.refusals > 0) {
      this.refusals--;
      throw new MienError('OVERLOADED', 'full', { metadata: { retryAfterSeconds: '0.01' } });
    }
    const job = SubmittedJob.fromPartial({
      id: `J${this.kept.length + 1}`,
      name: request.name,
      state: JobState.JOB_STATE_QUEUED,
      work: 'detect',
      photosTotal: request.photos.length,
      idempotencyKey: request.idempotencyKey,
      createdAt: new Date(0),
    });
    this.kept.push({ request, job });
    return job;
  }

  private end(id: string): SubmittedJob {
    const kept = this.kept.find(({ job }) => job.id === id);
    if (kept === undefined) {
      throw new MienError('JOB_NOT_FOUND', `no job ${id}`);
    }
    const photosFailed = kept.request.photos.filter(({ name }) => name.includes('bad')).length;
    const photosDone = kept.request.photos.length - photosFailed;
    const endedAt = new Date(4_000);
    kept.job = { ...kept.job, state: JobState.JOB_STATE_DONE, photosDone, photosFailed, endedAt };
    return kept.job;
  }

  private results(id: string): JobResult[] {
    const photos = this.kept.find(({ job }) => job.id === id)?.request.photos ?? [];
    return photos.map(({ name }, index) =>
      JobResult.fromPartial({
        index,
        name,
        result: name.includes('bad')
          ? { $case: 'refusal', value: { reason: 'NO_FACE', message: 'no face' } }
          : { $case: 'detect', value: { faces: [{}] } },
      }),
    );
  }

  private service(): JobServiceServer {
    return {
      submitJob: ({ request }, callback) => {
        try {
          callback(null, { job: this.submit(request) });
        } catch (error) {
          callback(error instanceof MienError ? toServiceError(error) : { code: status.UNKNOWN });
        }
      },
      listJobs: (_, callback) =>
        callback(null, { jobs: this.kept.map(({ job }) => job).reverse(), nextCursor: '' }),
      listJobResults: ({ request }, callback) =>
        callback(null, { results: this.results(request.id), nextCursor: '' }),
      watchJob: (call) => {
        call.write({ job: this.kept.find(({ job }) => job.id === call.request.id)?.job });
        call.write({ job: this.end(call.request.id) });
        call.end();
      },
      uploadPhoto: (_, callback) => callback({ code: status.UNIMPLEMENTED }),
      getJob: (_, callback) => callback({ code: status.UNIMPLEMENTED }),
      cancelJob: (_, callback) => callback({ code: status.UNIMPLEMENTED }),
    };
  }
}
