import { MienError, type MienJobs, Priority, type SubmittedJob } from '@mien/sdk';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { positiveNumber, wholeNumber } from '../../input/arguments';
import { givenPhotos, type LeftOut, photosOfPersons } from '../../input/job-photos';
import { chosenWork, type WorkOptions, withWork } from '../../input/job-work';
import { LineFile } from '../../output/line-file';
import { RateBar } from '../../output/progress-bar';
import { submittedJobTable } from '../../output/submitted-job-table';
import { counted } from '../../output/word';
import { type AnswerOptions, withClient, withConnection } from '../connection';
import { CommandError } from '../failure';
import { Conclusion } from './conclusion';
import { followJobs } from './follow';
import { onInterrupt } from './interruption';
import { type EarlierJobs, earlierJobs, type Submission, type Submitted, submitAll } from './submission';

interface SubmitOptions extends AnswerOptions, WorkOptions {
  readonly watch?: true;
  readonly output?: string;
  readonly callback?: string;
  readonly name?: string;
  readonly priority: string;
  readonly deadlineHours?: number;
  readonly batchSize: number;
  readonly again?: true;
}

/** Of a job. */
const MOST_PHOTOS = 1000;
/** A refusal for load, or a gateway that is gone, is waited out for so long. */
const PATIENCE_SECONDS = 600;
const HOUR_MS = 3_600_000;

export function addSubmit(jobs: Command): void {
  const submit = jobs
    .command('submit')
    .description('hand photos over: a job for every 1000 of them')
    .argument('[photos...]', 'photos, folders of them, web addresses; to enrol, folders of people')
    .option('--watch', 'until all is done, with a bar of the progress and a summary')
    .option('--output <file>', 'write the results there as lines of JSON, - for standard output; watches')
    .option('--callback <id>', 'endpoint that is called as each job ends')
    .option('--name <name>', 'shown in lists')
    .addOption(
      new Option('--priority <priority>', 'interactive work goes before batch work')
        .choices(['batch', 'interactive'])
        .default('batch'),
    )
    .option('--deadline-hours <n>', 'a job not done by then has failed; at most 24', positiveNumber)
    .option('--batch-size <n>', 'photos of a job, 1..1000', batchSize, MOST_PHOTOS)
    .option('--again', 'do it once more, whatever earlier runs did')
    .option('--json', 'print one line of JSON for each job')
    .addHelpText(
      'after',
      `
Run again, it does not do twice what it did: batches with the same photos and options are found among the jobs that are
kept, and followed. Photos that are refused don't keep the others from being answered; the command then leaves with 1.`,
    );
  withConnection(withWork(submit)).action(run);
}

function batchSize(text: string): number {
  const size = wholeNumber(text);
  if (size < 1 || size > MOST_PHOTOS) {
    throw new InvalidArgumentError(`1 to ${MOST_PHOTOS} photos are a job.`);
  }
  return size;
}

async function run(paths: readonly string[], options: SubmitOptions): Promise<void> {
  const work = chosenWork(options);
  if ((paths.length === 0) !== 'duplicateCheck' in work) {
    throw new CommandError(
      paths.length === 0
        ? 'no photos are given'
        : '--work duplicates looks at the groups, and takes no photos',
    );
  }
  const { photos, leftOut } = await ('enrol' in work ? photosOfPersons(paths) : givenPhotos(paths));
  if (photos.length === 0 && paths.length > 0) {
    throw new CommandError(`no photos there${complaintsOf(leftOut)}`);
  }
  if ('cluster' in work && photos.length > MOST_PHOTOS) {
    throw new CommandError(`${photos.length} photos: an album has at most ${MOST_PHOTOS}`);
  }
  const size = 'cluster' in work ? MOST_PHOTOS : options.batchSize;
  const submission = {
    work,
    photos,
    batchSize: size,
    again: options.again ?? false,
    settings: settingsOf(options),
  };
  // Asked first and without patience: of a platform that is not there is told at once.
  const earlier = await withClient(options, ({ jobs }) => earlierJobs(jobs));
  const bar = new RateBar(photos.length, 'photos sent');
  const patience = {
    timeoutMs: Math.max(options.timeoutSeconds, PATIENCE_SECONDS) * 1000,
    retries: Number.POSITIVE_INFINITY,
    onRetry: (error: unknown, waitMs: number) => bar.remark(waitingText(error, waitMs)),
  };
  await withClient(
    options,
    async ({ jobs }) => {
      const submitted = await submitWithBar(submission, jobs, earlier, bar);
      await (options.watch || options.output !== undefined
        ? follow(submitted, leftOut, jobs, options)
        : tell(submitted, leftOut, options));
    },
    patience,
  );
}

function settingsOf({ callback, name, priority, deadlineHours }: SubmitOptions): Submission['settings'] {
  return {
    priority: priority === 'interactive' ? Priority.PRIORITY_INTERACTIVE : Priority.PRIORITY_BATCH,
    ...(callback === undefined ? {} : { callbackEndpointId: callback }),
    ...(name === undefined ? {} : { name }),
    ...(deadlineHours === undefined ? {} : { deadline: new Date(Date.now() + deadlineHours * HOUR_MS) }),
  };
}

function waitingText(error: unknown, waitMs: number): string {
  const reason = error instanceof MienError ? error.reason : 'no answer';
  return `${reason}, tries again in ${Math.ceil(waitMs / 1000)} s`;
}

async function submitWithBar(
  submission: Submission,
  jobs: MienJobs,
  earlier: EarlierJobs,
  bar: RateBar,
): Promise<Submitted> {
  const stop = onInterrupt(() => 'Interrupted. The same command goes on behind what was submitted.');
  try {
    return await submitAll(submission, jobs, earlier, bar);
  } finally {
    bar.stop();
    stop();
  }
}

/** Says what was submitted, and leaves it to itself. */
async function tell(
  { jobs, resumed }: Submitted,
  leftOut: readonly LeftOut[],
  { json }: SubmitOptions,
): Promise<void> {
  if (json) {
    for (const job of jobs) {
      console.log(JSON.stringify(job));
    }
  } else {
    console.log(submittedJobTable(jobs));
    console.log(`${submittedText(jobs, resumed)} \`mien jobs watch ${idsText(jobs)}\` follows.`);
  }
  if (leftOut.length > 0) {
    throw new CommandError(`${counted(leftOut.length, 'photo')} left out${complaintsOf(leftOut)}`);
  }
}

/** Follows to the end, writes the results where they are wanted, and says what came of it. */
async function follow(
  { jobs, resumed }: Submitted,
  leftOut: readonly LeftOut[],
  client: MienJobs,
  { json, output }: SubmitOptions,
): Promise<void> {
  const lines = output === undefined ? undefined : new LineFile(output);
  const conclusion = new Conclusion(client, lines);
  // What is for people goes to standard error where standard output is for programs.
  const print = json || output === '-' ? console.error : console.log;
  print(submittedText(jobs, resumed));
  for (const photo of leftOut) {
    await conclusion.leftOut(photo);
  }
  const stop = onInterrupt(() => 'Interrupted. The jobs go on; the same command follows them again.');
  await followJobs(jobs, client, {
    ended: async (job) => {
      if (json) {
        console.log(JSON.stringify(job));
      }
      await conclusion.ended(job);
    },
  });
  stop();
  await lines?.close();
  conclusion.conclude(print);
}

function submittedText(jobs: readonly SubmittedJob[], resumed: number): string {
  const photos = jobs.reduce((sum, { photosTotal }) => sum + photosTotal, 0);
  const before =
    resumed === 0 ? '' : `; ${resumed === jobs.length ? 'all' : resumed} of them by an earlier run`;
  return `${counted(jobs.length, 'job')} with ${counted(photos, 'photo')} submitted${before}.`;
}

function idsText(jobs: readonly SubmittedJob[]): string {
  const [first] = jobs;
  return jobs.length === 1 ? (first?.id ?? '') : `${first?.id ?? ''} ...`;
}

function complaintsOf(leftOut: readonly LeftOut[]): string {
  return leftOut.map(({ photo, reason, message }) => `\n  ${photo}: ${reason}: ${message}`).join('');
}
