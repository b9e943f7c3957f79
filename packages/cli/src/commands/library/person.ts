import type { Person } from '@mien/proto';
import type { Command } from 'commander';
import { gathered } from '../../input/arguments';
import {
  chosenGender,
  chosenUniqueness,
  genderOption,
  qualityOption,
  uniquenessOption,
} from '../../input/choices';
import { showList } from '../../output/list';
import { personTable, personText } from '../../output/person-table';
import { type AnswerOptions, type ListOptions, withAnswer, withClient, withList } from '../connection';
import { CommandError } from '../failure';
import { addPersonFaces } from './person-faces';
import { addPersonGroups } from './person-groups';

interface CreateOptions extends AnswerOptions {
  readonly group: string;
  readonly name?: string;
  readonly gender?: string;
  readonly field?: readonly string[];
  readonly uniqueness: string;
  readonly qualityControl: string;
}

interface UpdateOptions extends AnswerOptions {
  readonly name?: string;
  readonly gender?: string;
}

/** `mien person ...`: somebody with enrolled faces. */
export function addPerson(program: Command): void {
  const person = program.command('person').description('somebody with enrolled faces');
  withAnswer(
    person
      .command('create')
      .description('enrol somebody with the largest face of a photo')
      .argument('<id>', '1 to 64 letters, digits and -%@#&_, unique in the whole library')
      .argument('<photo>')
      .requiredOption('--group <id>', 'that the person joins')
      .option('--name <name>', 'the id unless given')
      .addOption(genderOption())
      .option('--field <value>', "value of the group's own fields, in their order; several times", gathered)
      .addOption(uniquenessOption())
      .addOption(qualityOption()),
  ).action(create);
  withList(
    person
      .command('list')
      .description('members of a group, oldest first')
      .requiredOption('--group <id>', 'whose members to list'),
  ).action(list);
  withAnswer(person.command('show').argument('<id>')).action(show);
  withAnswer(
    person
      .command('update')
      .description('change what is given')
      .argument('<id>')
      .option('--name <name>')
      .addOption(genderOption()),
  ).action(update);
  withAnswer(
    person
      .command('delete')
      .description('remove somebody from every group, with templates, crops and photos')
      .argument('<id>'),
  ).action(remove);
  addPersonFaces(person);
  addPersonGroups(person);
}

async function create(id: string, photo: string, options: CreateOptions): Promise<void> {
  const { group: groupId, name = id, field, json } = options;
  const gender = chosenGender(options.gender);
  const person = {
    id,
    groupId,
    name,
    ...(gender === undefined ? {} : { gender }),
    ...(field === undefined ? {} : { fieldValues: field }),
  };
  const answer = await withClient(options, ({ library }) =>
    library.createPerson(person, photo, {
      uniquenessControl: chosenUniqueness(options.uniqueness),
      qualityControl: Number(options.qualityControl),
    }),
  );
  if (json) {
    console.log(JSON.stringify(answer));
  } else if (answer.person !== undefined) {
    console.log(personText(answer.person));
  }
  if (answer.person === undefined) {
    const { personId = '', score = 0 } = answer.similar ?? {};
    throw new CommandError(`not enrolled: resembles ${personId}, score ${score.toFixed(1)}`);
  }
}

async function list(options: ListOptions & { readonly group: string }): Promise<void> {
  await withClient(options, ({ library }) =>
    showList(library.listPersons(options.group), options, personTable),
  );
}

async function show(id: string, options: AnswerOptions): Promise<void> {
  print(await withClient(options, ({ library }) => library.getPerson(id)), options);
}

async function update(id: string, { name, ...options }: UpdateOptions): Promise<void> {
  const gender = chosenGender(options.gender);
  const changes = { ...(name === undefined ? {} : { name }), ...(gender === undefined ? {} : { gender }) };
  print(await withClient(options, ({ library }) => library.updatePerson(id, changes)), options);
}

async function remove(id: string, options: AnswerOptions): Promise<void> {
  await withClient(options, ({ library }) => library.deletePerson(id));
  console.log(options.json ? JSON.stringify({ id, deleted: true }) : `${id} is deleted`);
}

function print(person: Person, { json }: AnswerOptions): void {
  console.log(json ? JSON.stringify(person) : personText(person));
}
