import type { Command } from 'commander';
import { commaSeparated, score, wholeNumber } from '../../input/arguments';
import { showList } from '../../output/list';
import { ruleTable } from '../../output/notification-tables';
import { type AnswerOptions, type ListOptions, withAnswer, withClient, withList } from '../connection';

interface CreateOptions extends AnswerOptions {
  readonly endpoint: string;
  readonly name?: string;
  readonly groups?: readonly string[];
  readonly strangers?: true;
  readonly sources?: readonly string[];
  readonly minScore?: number;
  readonly quietSeconds?: number;
}

/** `mien rules ...`: who is called when a face is seen. */
export function addRules(program: Command): void {
  const rules = program.command('rules').description('call an endpoint when a face is seen');
  withAnswer(
    rules
      .command('create')
      .description('call from now on for each face that fits, in searches that name their source')
      .requiredOption('--endpoint <id>', 'that is called')
      .option('--groups <a,b>', 'persons of these groups', commaSeparated)
      .option('--strangers', 'faces that are nobody of the searched groups; with or without groups')
      .option('--sources <a,b>', 'seen by these sources; by any unless given', commaSeparated)
      .option('--min-score <score>', 'persons from this score on, 0..100', score)
      .option(
        '--quiet-seconds <n>',
        'after a call none for the same person at the same source for so long',
        wholeNumber,
      )
      .option('--name <name>'),
  ).action(create);
  withList(rules.command('list').description('rules, oldest first')).action(list);
  withAnswer(rules.command('delete').description('end a rule').argument('<id>')).action(remove);
}

async function create(options: CreateOptions): Promise<void> {
  const { endpoint, name, groups, strangers, sources, minScore, quietSeconds } = options;
  const rule = await withClient(options, ({ notifications }) =>
    notifications.rules.create({
      endpointId: endpoint,
      strangers: strangers ?? false,
      ...(name === undefined ? {} : { name }),
      ...(groups === undefined ? {} : { groupIds: groups }),
      ...(sources === undefined ? {} : { sources }),
      ...(minScore === undefined ? {} : { minimumScore: minScore }),
      ...(quietSeconds === undefined ? {} : { quietSeconds }),
    }),
  );
  console.log(options.json ? JSON.stringify(rule) : ruleTable([rule]));
}

async function list(options: ListOptions): Promise<void> {
  await withClient(options, ({ notifications }) => showList(notifications.rules.list(), options, ruleTable));
}

async function remove(id: string, options: AnswerOptions): Promise<void> {
  await withClient(options, ({ notifications }) => notifications.rules.delete(id));
  console.log(options.json ? JSON.stringify({ id, deleted: true }) : `${id} is deleted`);
}
