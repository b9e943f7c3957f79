import type { NewJob } from '@mien/bus';
import type { Job } from '@mien/proto';
import type { Line } from '../usecases/ports';
import { type AnswerMetrics, countAnswer, countRefusal } from './answer-metrics';

/** The line, with a count of what it answers. */
export class ObservedLine implements Line {
  constructor(
    private readonly line: Line,
    private readonly metrics: AnswerMetrics,
  ) {}

  async submit(work: NewJob, limits: { deadlineMs: number; signal: AbortSignal }): Promise<Job> {
    try {
      const job = await this.line.submit(work, limits);
      countAnswer(job, this.metrics);
      return job;
    } catch (error) {
      countRefusal(error, this.metrics);
      throw error;
    }
  }
}
