import { type JobResult, JobState, type SubmittedJob } from '@mien/sdk';
import { type Command, InvalidArgumentError } from 'commander';
import { commaSeparated } from '../../input/arguments';
import { past } from '../../input/moments';
import { resultLine, resultTable } from '../../output/job-results';
import { LineFile } from '../../output/line-file';
import { showList } from '../../output/list';
import { submittedJobTable, submittedJobText } from '../../output/submitted-job-table';
import { type AnswerOptions, type ListOptions, withAnswer, withClient, withList } from '../connection';
import { addSubmit } from './submit';
import { addWatch } from './watch';

interface ListJobsOptions extends ListOptions {
  readonly state?: readonly JobState[];
  readonly from?: Date;
  readonly before?: Date;
}

interface ResultsOptions extends ListOptions {
  readonly refused?: true;
  readonly output?: string;
}

const STATES: Readonly<Record<string, JobState>> = {
  queued: JobState.JOB_STATE_QUEUED,
  running: JobState.JOB_STATE_RUNNING,
  done: JobState.JOB_STATE_DONE,
  failed: JobState.JOB_STATE_FAILED,
  cancelled: JobState.JOB_STATE_CANCELLED,
  dead: JobState.JOB_STATE_DEAD,
};

/** `mien jobs ...`: work that is handed over instead of waited for. */
export function addJobs(program: Command): void {
  const jobs = program.command('jobs').description('work that is handed over instead of waited for');
  addSubmit(jobs);
  withList(
    jobs
      .command('list')
      .description('jobs, newest first; those of the key, of admin keys all')
      .option('--state <a,b>', `in these states: ${Object.keys(STATES).join(', ')}`, states)
      .option('--from <when>', 'created then or later: a date, or how long ago, such as 2h or 3d', past)
      .option('--before <when>', 'created before then, likewise', past),
  ).action(list);
  withAnswer(jobs.command('show').description('one job, and why it failed').argument('<id>')).action(show);
  withList(
    jobs
      .command('results')
      .description('what came of the photos, as far as it is known')
      .argument('<id>')
      .option('--refused', 'only of photos that were refused or given up')
      .option('--output <file>', 'write all of them there as lines of JSON'),
  ).action(results);
  addWatch(jobs);
  withAnswer(
    jobs
      .command('cancel')
      .description('begin none of its photos any more; what was answered stays')
      .argument('<id>'),
  ).action(cancel);
}

function states(text: string): readonly JobState[] {
  return commaSeparated(text).map((name) => {
    const state = STATES[name];
    if (state === undefined) {
      throw new InvalidArgumentError(`states are ${Object.keys(STATES).join(', ')}.`);
    }
    return state;
  });
}

async function list(options: ListJobsOptions): Promise<void> {
  const { state, from, before } = options;
  const filter = {
    ...(state === undefined ? {} : { states: state }),
    ...(from === undefined ? {} : { createdFrom: from }),
    ...(before === undefined ? {} : { createdBefore: before }),
  };
  await withClient(options, ({ jobs }) => showList(jobs.list(filter), options, submittedJobTable));
}

async function show(id: string, options: AnswerOptions): Promise<void> {
  print(await withClient(options, ({ jobs }) => jobs.get(id)), options);
}

async function cancel(id: string, options: AnswerOptions): Promise<void> {
  print(await withClient(options, ({ jobs }) => jobs.cancel(id)), options);
}

async function results(id: string, options: ResultsOptions): Promise<void> {
  const { output, refused } = options;
  await withClient(options, async ({ jobs }) => {
    const wanted = refused ? refusedOnly(jobs.results(id)) : jobs.results(id);
    if (output === undefined) {
      await showList(wanted, options, resultTable, (result) => resultLine(id, result));
      return;
    }
    const lines = new LineFile(output);
    for await (const result of wanted) {
      await lines.write(resultLine(id, result));
    }
    await lines.close();
  });
}

async function* refusedOnly(all: AsyncIterable<JobResult>): AsyncGenerator<JobResult, void, void> {
  for await (const result of all) {
    if (result.result?.$case === 'refusal') {
      yield result;
    }
  }
}

function print(job: SubmittedJob, { json }: AnswerOptions): void {
  console.log(json ? JSON.stringify(job) : submittedJobText(job));
}
