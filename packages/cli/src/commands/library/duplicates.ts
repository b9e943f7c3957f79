import type { DuplicateCheck } from '@mien/proto';
import type { Command } from 'commander';
import { score } from '../../input/arguments';
import { clusterTable, duplicateCheckTable, pairTable } from '../../output/job-table';
import { showList } from '../../output/list';
import { type AnswerOptions, type ListOptions, withAnswer, withClient, withList } from '../connection';
import { requireDone, waitForJob } from './wait-for-job';

interface StartOptions extends AnswerOptions {
  readonly minScore?: number;
  readonly wait?: true;
}

/** `mien duplicates ...`: persons that are likely the same. */
export function addDuplicates(program: Command): void {
  const duplicates = program.command('duplicates').description('look for persons who are likely the same');
  const groups = '1 to 10 groups of one model';
  withAnswer(
    duplicates.command('estimate').description('how long a check will take').argument('<groups...>', groups),
  ).action(estimate);
  withAnswer(
    duplicates
      .command('start')
      .description('check groups, each other as well')
      .argument('<groups...>', groups)
      .option('--min-score <score>', 'from which two persons are a pair, 40..100; 70 unless given', score)
      .option('--wait', 'until it has ended'),
  ).action(start);
  withList(duplicates.command('list').description('checks, newest first')).action(list);
  withAnswer(duplicates.command('show').argument('<id>')).action(show);
  withAnswer(duplicates.command('cancel').description('end a check; its pairs stay').argument('<id>')).action(
    cancel,
  );
  withList(duplicates.command('pairs').description('found pairs, most alike first').argument('<id>')).action(
    pairs,
  );
  withList(
    duplicates.command('clusters').description('pairs connected, largest first').argument('<id>'),
  ).action(clusters);
}

async function estimate(groupIds: readonly string[], options: AnswerOptions): Promise<void> {
  const answer = await withClient(options, ({ library }) => library.duplicateChecks.estimate(groupIds));
  console.log(
    options.json
      ? JSON.stringify(answer)
      : `${answer.faces} faces, about ${answer.estimatedSeconds.toFixed(1)} s`,
  );
}

async function start(groupIds: readonly string[], options: StartOptions): Promise<void> {
  const minimum = options.minScore === undefined ? {} : { minimumScore: options.minScore };
  await withClient(options, async ({ library: { duplicateChecks } }) => {
    const started = await duplicateChecks.start(groupIds, minimum);
    if (!options.wait) {
      print(started, options);
      return;
    }
    const ended = await waitForJob(() => duplicateChecks.get(started.job?.id ?? ''));
    print(ended, options);
    requireDone(ended);
  });
}

async function list(options: ListOptions): Promise<void> {
  await withClient(options, ({ library }) =>
    showList(library.duplicateChecks.list(), options, duplicateCheckTable),
  );
}

async function show(id: string, options: AnswerOptions): Promise<void> {
  print(await withClient(options, ({ library }) => library.duplicateChecks.get(id)), options);
}

async function cancel(id: string, options: AnswerOptions): Promise<void> {
  print(await withClient(options, ({ library }) => library.duplicateChecks.cancel(id)), options);
}

async function pairs(id: string, options: ListOptions): Promise<void> {
  await withClient(options, ({ library }) => showList(library.duplicateChecks.pairs(id), options, pairTable));
}

async function clusters(id: string, options: ListOptions): Promise<void> {
  await withClient(options, ({ library }) =>
    showList(library.duplicateChecks.clusters(id), options, clusterTable),
  );
}

function print(check: DuplicateCheck, { json }: AnswerOptions): void {
  console.log(json ? JSON.stringify(check) : duplicateCheckTable([check]));
}
