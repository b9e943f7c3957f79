import { newKeyText, writeKeyText } from '@mien/access';
import { type ApiKey, Role } from '@mien/sdk';
import { type Command, Option } from 'commander';
import { commaSeparated, positiveNumber, wholeNumber } from '../../input/arguments';
import { future } from '../../input/moments';
import { keyTable } from '../../output/key-table';
import { showList } from '../../output/list';
import { withSecret } from '../../output/secret';
import { type AnswerOptions, type ListOptions, withAnswer, withClient, withList } from '../connection';

interface CreateOptions extends AnswerOptions {
  readonly role: string;
  readonly groups?: readonly string[];
  readonly rate?: number;
  readonly burst?: number;
  readonly expires?: Date;
  readonly signing?: true;
}

interface RotateOptions extends AnswerOptions {
  readonly graceSeconds: number;
}

const ROLES: Readonly<Record<string, Role>> = {
  read: Role.ROLE_READ,
  enrol: Role.ROLE_ENROL,
  admin: Role.ROLE_ADMIN,
};

/** `mien keys ...`: who may call. */
export function addKeys(program: Command): void {
  const keys = program.command('keys').description('who may call; needs an admin key');
  withAnswer(
    keys
      .command('create')
      .description('make a key; its secret is shown this once')
      .argument('<name>', 'whom it is for, 1 to 128 bytes')
      .addOption(
        new Option('--role <role>', 'each may do what those before it may')
          .choices(Object.keys(ROLES))
          .makeOptionMandatory(),
      )
      .option('--groups <a,b>', 'the only groups that it reaches; all unless given', commaSeparated)
      .option('--rate <n>', 'requests a second in the long run; no limit unless given', positiveNumber)
      .option('--burst <n>', "requests at once; one second's unless given", wholeNumber)
      .option('--signing', 'requests to the Tencent endpoint can be signed with it, too')
      .option('--expires <when>', 'a date, or a time such as 12h or 30d; never unless given', future),
  ).action(create);
  keys
    .command('generate')
    .description('make the text of a first admin key, for the file of MIEN_ADMIN_KEY_FILE; asks nobody')
    .action(generate);
  withList(keys.command('list').description('keys, oldest first, revoked ones included')).action(list);
  withAnswer(keys.command('show').description('one key').argument('<id>')).action(show);
  withAnswer(
    keys
      .command('rotate')
      .description('give a key a new secret, shown this once')
      .argument('<id>')
      .option('--grace-seconds <n>', 'how long the old one is taken, too; at most a week', wholeNumber, 0),
  ).action(rotate);
  withAnswer(
    keys.command('revoke').description('refuse a key from now on, everywhere').argument('<id>'),
  ).action(revoke);
}

async function create(name: string, options: CreateOptions): Promise<void> {
  const { role, groups, rate, burst, expires, signing } = options;
  const created = await withClient(options, (client) =>
    client.keys.create({
      name,
      role: ROLES[role] ?? Role.ROLE_UNSPECIFIED,
      ...(groups === undefined ? {} : { groupIds: groups }),
      ...(rate === undefined ? {} : { requestsPerSecond: rate }),
      ...(burst === undefined ? {} : { burst }),
      ...(expires === undefined ? {} : { expiresAt: expires }),
      ...(signing === undefined ? {} : { signing }),
    }),
  );
  printWithSecret(created, options);
}

async function list(options: ListOptions): Promise<void> {
  await withClient(options, ({ keys }) => showList(keys.list(), options, keyTable));
}

async function show(id: string, options: AnswerOptions): Promise<void> {
  print(await withClient(options, ({ keys }) => keys.get(id)), options);
}

async function rotate(id: string, options: RotateOptions): Promise<void> {
  const { graceSeconds } = options;
  printWithSecret(await withClient(options, ({ keys }) => keys.rotate(id, { graceSeconds })), options);
}

async function revoke(id: string, options: AnswerOptions): Promise<void> {
  print(await withClient(options, ({ keys }) => keys.revoke(id)), options);
}

function print(key: ApiKey, { json }: AnswerOptions): void {
  console.log(json ? JSON.stringify(key) : keyTable([key]));
}

function printWithSecret(
  answer: { readonly key?: ApiKey | undefined; readonly secret: string; readonly signingSecret: string },
  { json }: AnswerOptions,
): void {
  if (json) {
    console.log(JSON.stringify(answer));
    return;
  }
  const { key, secret, signingSecret } = answer;
  console.log(withSecret(keyTable(key === undefined ? [] : [key]), secret));
  if (key?.signing === true) {
    console.log(`To sign with: SecretId ${key.id}, SecretKey ${signingSecret}`);
  }
}

/** Makes a text that is a key as soon as a gateway is told so by MIEN_ADMIN_KEY_FILE. */
function generate(): void {
  console.log(writeKeyText(newKeyText()));
}
