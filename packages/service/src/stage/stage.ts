import type { StageName } from '@mien/bus';
import type { BlobRef, Job } from '@mien/proto';
import type { Logger } from 'pino';
import type { z } from 'zod';

/** What the runtime lends a stage while it works on one job. */
export interface StageContext {
  readonly logger: Logger;
  /** Aborts when the job's deadline passes or the process is going down. */
  readonly signal: AbortSignal;
  /** Reads a stored photo and checks its hash. Throws BLOB_LOST. */
  readImage(ref: BlobRef): Promise<Buffer>;
  /** Runs and times the model part of the work; `batch` is the number of faces (or pictures) in it. */
  inference<T>(batch: number, run: () => Promise<T>): Promise<T>;
}

/**
 * One step of the line. `process` is given a job whose crops are inline and answers with the job, its own
 * answers added; it touches neither itinerary nor queue. What is wrong with one photo goes into that photo's
 * `problem` (photos that have one are passed through untouched); what may pass (an engine that is down) is thrown.
 */
export interface Stage {
  process(job: Job, context: StageContext): Promise<Job>;
  close(): Promise<void>;
}

/** What a stage is made from. */
export interface StageSetup<Config> {
  /** Path of the model pack's manifest. */
  readonly modelPack: string;
  /** Threads that one inference may use. */
  readonly inferenceThreads: number;
  /** What models run on; the processor unless given. */
  readonly inferenceProvider?: 'cpu' | 'cuda';
  readonly config: Config;
}

/** A stage as its service folder offers it, to a process of its own or to `mien up`. */
export interface StageFactory<Config = unknown> {
  readonly name: StageName;
  /** Reads the stage's own environment variables. */
  readonly configSchema: z.ZodType<Config>;
  create(setup: StageSetup<Config>): Promise<Stage>;
}
