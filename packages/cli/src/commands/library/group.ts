import type { Group } from '@mien/proto';
import type { Command } from 'commander';
import { gathered, type IndexedText, indexedText } from '../../input/arguments';
import { groupTable } from '../../output/group-table';
import { showList } from '../../output/list';
import { type AnswerOptions, type ListOptions, withAnswer, withClient, withList } from '../connection';

interface CreateOptions extends AnswerOptions {
  readonly name?: string;
  readonly tag?: string;
  readonly field?: readonly string[];
}

interface UpdateOptions extends AnswerOptions {
  readonly name?: string;
  readonly tag?: string;
  readonly field?: readonly IndexedText[];
}

/** `mien group ...`: sets of persons that are searched together. */
export function addGroup(program: Command): void {
  const group = program.command('group').description('sets of persons that are searched together');
  withAnswer(
    group
      .command('create')
      .description('make an empty group')
      .argument('<id>', '1 to 64 letters, digits and -%@#&_')
      .option('--name <name>', 'unique among groups; the id unless given')
      .option('--tag <text>')
      .option('--field <name>', "one of the group's own fields; up to five times", gathered),
  ).action(create);
  withList(group.command('list').description('groups, oldest first')).action(list);
  withAnswer(group.command('show').argument('<id>')).action(show);
  withAnswer(
    group
      .command('update')
      .description('change what is given')
      .argument('<id>')
      .option('--name <name>')
      .option('--tag <text>')
      .option(
        '--field <place=name>',
        'rename a field, or add one behind the last, such as 1=floor',
        indexedText,
      ),
  ).action(update);
  withAnswer(
    group
      .command('delete')
      .description('remove a group, and the persons that are in no other')
      .argument('<id>'),
  ).action(remove);
}

async function create(id: string, { name = id, tag, field, ...options }: CreateOptions): Promise<void> {
  const details = {
    ...(tag === undefined ? {} : { tag }),
    ...(field === undefined ? {} : { fieldNames: field }),
  };
  print(await withClient(options, ({ library }) => library.createGroup({ id, name, ...details })), options);
}

async function list(options: ListOptions): Promise<void> {
  await withClient(options, ({ library }) => showList(library.listGroups(), options, groupTable));
}

async function show(id: string, options: AnswerOptions): Promise<void> {
  print(await withClient(options, ({ library }) => library.getGroup(id)), options);
}

async function update(id: string, { name, tag, field, ...options }: UpdateOptions): Promise<void> {
  const changes = {
    ...(name === undefined ? {} : { name }),
    ...(tag === undefined ? {} : { tag }),
    ...(field === undefined ? {} : { fieldNames: field.map(({ index, text }) => ({ index, name: text })) }),
  };
  print(await withClient(options, ({ library }) => library.updateGroup(id, changes)), options);
}

async function remove(id: string, options: AnswerOptions): Promise<void> {
  const deletedPersons = await withClient(options, ({ library }) => library.deleteGroup(id));
  console.log(
    options.json
      ? JSON.stringify({ id, deletedPersons })
      : `${id} is deleted, and ${deletedPersons} persons with it`,
  );
}

function print(group: Group, { json }: AnswerOptions): void {
  console.log(json ? JSON.stringify(group) : groupTable([group]));
}
