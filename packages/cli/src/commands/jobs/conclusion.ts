import { type JobResult, JobState, type MienJobs, type SubmittedJob } from '@mien/sdk';
import type { LeftOut } from '../../input/job-photos';
import { resultLine, resultTable } from '../../output/job-results';
import type { LineFile } from '../../output/line-file';
import { PhotoTally } from '../../output/photo-tally';
import { word } from '../../output/word';
import { CommandError } from '../failure';

/** Results with 120 faces and all that is known of them still fit into one answer. */
const PAGE_SIZE = 100;
/** Work that all photos have one result of. */
const TOGETHER: ReadonlySet<string> = new Set(['cluster', 'duplicate_check']);

/** Gathers the results of ended jobs, and what is to be said at the end. */
export class Conclusion {
  private readonly tally = new PhotoTally();
  private readonly complaints: string[] = [];
  private beganAt = Number.POSITIVE_INFINITY;
  private endedAt = 0;
  /** Of jobs whose photos have one result together. */
  private readonly tables: string[] = [];

  /** @param lines where results go, if they are wanted */
  constructor(
    private readonly client: MienJobs,
    private readonly lines?: LineFile,
  ) {}

  async leftOut({ photo, reason, message }: LeftOut): Promise<void> {
    this.tally.refuse(photo, reason);
    await this.lines?.write({ photo, refusal: { reason, message } });
  }

  async ended(job: SubmittedJob): Promise<void> {
    this.tally.addAnswered(job.photosDone);
    this.beganAt = Math.min(this.beganAt, job.createdAt?.getTime() ?? this.beganAt);
    this.endedAt = Math.max(this.endedAt, job.endedAt?.getTime() ?? this.endedAt);
    if (job.state !== JobState.JOB_STATE_DONE) {
      this.complaints.push(complaintOf(job));
    }
    const together = TOGETHER.has(job.work);
    if (this.lines === undefined && job.photosFailed === 0 && !together && job.work !== 'enrol') {
      return;
    }
    for await (const result of this.client.results(job.id, { pageSize: PAGE_SIZE })) {
      await this.take(job, result, together);
    }
  }

  /** Says what came of it all. Throws when anything was refused or not done. */
  conclude(print: (text: string) => void): void {
    for (const table of this.tables) {
      print(table);
    }
    print(this.tally.text(Math.max(0, this.endedAt - this.beganAt) / 1000));
    const { refused } = this.tally;
    const lines = [...this.complaints, ...(refused > 0 ? [`${refused} of the photos failed`] : [])];
    if (lines.length > 0) {
      throw new CommandError(lines.join('\n'));
    }
  }

  private async take(job: SubmittedJob, result: JobResult, together: boolean): Promise<void> {
    this.tally.add(result);
    await this.lines?.write(resultLine(job.id, result));
    if (together && result.result?.$case !== 'refusal') {
      this.tables.push(resultTable([result]));
    }
  }
}

function complaintOf({ id, state, failure }: SubmittedJob): string {
  const why = failure === undefined ? '' : `: ${failure.reason}: ${failure.message}`;
  const advice =
    state === JobState.JOB_STATE_DEAD
      ? `\n  \`mien dlq redrive job-${id}\` drives it again (admin keys)`
      : '';
  return `job ${id} is ${word(state, 'JOB_STATE_')}${why}${advice}`;
}
