import { DeadLetterKind, type MienClient } from '@mien/sdk';
import { type Command, InvalidArgumentError } from 'commander';
import { commaSeparated } from '../input/arguments';
import { deadLetterTable, deadLetterText } from '../output/dead-letter-table';
import { showList } from '../output/list';
import { counted } from '../output/word';
import { type AnswerOptions, type ListOptions, withAnswer, withClient, withList } from './connection';
import { CommandError, describeFailure } from './failure';

interface Kinds {
  readonly kind?: readonly DeadLetterKind[];
}

interface RedriveOptions extends AnswerOptions, Kinds {
  readonly all?: true;
}

const KINDS: Readonly<Record<string, DeadLetterKind>> = {
  stage: DeadLetterKind.DEAD_LETTER_KIND_STAGE,
  job: DeadLetterKind.DEAD_LETTER_KIND_JOB,
  callback: DeadLetterKind.DEAD_LETTER_KIND_CALLBACK,
};

/** `mien dlq ...`: what the platform gave up on. */
export function addDeadLetters(program: Command): void {
  const letters = program
    .command('dlq')
    .description('dead letters: what the platform gave up on; needs an admin key');
  withList(withKinds(letters.command('list').description('dead letters, newest first'))).action(list);
  withAnswer(letters.command('show').description('one with its detail').argument('<id>')).action(show);
  withAnswer(
    withKinds(
      letters
        .command('redrive')
        .description('put letters back to where they died')
        .argument('[ids...]')
        .option('--all', 'all that there are, of the kinds that are given'),
    ),
  ).action(redrive);
}

function withKinds(command: Command): Command {
  return command.option('--kind <a,b>', `of these kinds: ${Object.keys(KINDS).join(', ')}`, kinds);
}

function kinds(text: string): readonly DeadLetterKind[] {
  return commaSeparated(text).map((name) => {
    const kind = KINDS[name];
    if (kind === undefined) {
      throw new InvalidArgumentError(`kinds are ${Object.keys(KINDS).join(', ')}.`);
    }
    return kind;
  });
}

async function list(options: ListOptions & Kinds): Promise<void> {
  const { kind = [] } = options;
  await withClient(options, ({ deadLetters }) =>
    showList(deadLetters.list({ kinds: kind }), options, deadLetterTable),
  );
}

async function show(id: string, options: AnswerOptions): Promise<void> {
  const letter = await withClient(options, ({ deadLetters }) => deadLetters.get(id));
  console.log(options.json ? JSON.stringify(letter) : deadLetterText(letter));
}

async function redrive(ids: readonly string[], options: RedriveOptions): Promise<void> {
  if ((ids.length === 0) !== (options.all === true)) {
    throw new CommandError('give the ids of letters, or --all');
  }
  const complaints: string[] = [];
  let count = 0;
  await withClient(options, async (client) => {
    for (const id of options.all ? await idsOfAll(client, options) : ids) {
      try {
        await client.deadLetters.redrive(id);
        count++;
        if (options.json) {
          console.log(JSON.stringify({ id, redriven: true }));
        }
      } catch (error) {
        complaints.push(`${id}: ${describeFailure(error)}`);
      }
    }
  });
  if (!options.json) {
    console.log(`${counted(count, 'letter')} redriven`);
  }
  if (complaints.length > 0) {
    throw new CommandError(complaints.join('\n'));
  }
}

/** Read to the end before the first is redriven: the list changes with each. */
async function idsOfAll({ deadLetters }: MienClient, { kind = [] }: Kinds): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of deadLetters.list({ kinds: kind })) {
    ids.push(id);
  }
  return ids;
}
