import type { ModelUpgrade } from '@mien/proto';
import type { Command } from 'commander';
import { modelUpgradeTable, modelUpgradeText } from '../../output/job-table';
import { showList } from '../../output/list';
import { type AnswerOptions, type ListOptions, withAnswer, withClient, withList } from '../connection';
import { requireDone, waitForJob } from './wait-for-job';

interface StartOptions extends AnswerOptions {
  readonly wait?: true;
}

/** `mien upgrade ...`: groups moved to another embedding model. */
export function addUpgrade(program: Command): void {
  const upgrade = program.command('upgrade').description('move groups to another embedding model');
  withAnswer(
    upgrade
      .command('start')
      .description("give a group's faces templates of another model, then search with it")
      .argument('<group>')
      .argument('<version>', 'of a model that the embedder runs (MIEN_EXTRA_EMBEDDING_PACKS)')
      .option('--wait', 'until it has ended'),
  ).action(start);
  withList(upgrade.command('list').description('upgrades, newest first')).action(list);
  withAnswer(upgrade.command('show').argument('<id>')).action(show);
  withAnswer(
    upgrade
      .command('cancel')
      .description('end an upgrade that is under way; the group stays as it was')
      .argument('<id>'),
  ).action(cancel);
  withAnswer(
    upgrade
      .command('roll-back')
      .description('back to the model before, once for each upgrade')
      .argument('<id>'),
  ).action(rollBack);
}

async function start(groupId: string, version: string, options: StartOptions): Promise<void> {
  await withClient(options, async ({ library: { modelUpgrades } }) => {
    const started = await modelUpgrades.start(groupId, version);
    if (!options.wait) {
      print(started, options);
      return;
    }
    const ended = await waitForJob(() => modelUpgrades.get(started.job?.id ?? ''));
    print(ended, options);
    requireDone(ended);
  });
}

async function list(options: ListOptions): Promise<void> {
  await withClient(options, ({ library }) =>
    showList(library.modelUpgrades.list(), options, modelUpgradeTable),
  );
}

async function show(id: string, options: AnswerOptions): Promise<void> {
  print(await withClient(options, ({ library }) => library.modelUpgrades.get(id)), options);
}

async function cancel(id: string, options: AnswerOptions): Promise<void> {
  print(await withClient(options, ({ library }) => library.modelUpgrades.cancel(id)), options);
}

async function rollBack(id: string, options: AnswerOptions): Promise<void> {
  print(await withClient(options, ({ library }) => library.modelUpgrades.rollBack(id)), options);
}

function print(upgrade: ModelUpgrade, { json }: AnswerOptions): void {
  console.log(json ? JSON.stringify(upgrade) : modelUpgradeText(upgrade));
}
