import type { Command } from 'commander';
import { showList } from '../../output/list';
import { endpointTable } from '../../output/notification-tables';
import { withSecret } from '../../output/secret';
import { type AnswerOptions, type ListOptions, withAnswer, withClient, withList } from '../connection';

interface CreateOptions extends AnswerOptions {
  readonly name?: string;
}

/** `mien endpoints ...`: addresses that are called. */
export function addEndpoints(program: Command): void {
  const endpoints = program
    .command('endpoints')
    .description('addresses that are called when a job has ended or a rule fits');
  withAnswer(
    endpoints
      .command('create')
      .description('add an address; the secret that callbacks are signed with is shown this once')
      .argument('<url>', 'http or https')
      .option('--name <name>'),
  ).action(create);
  withList(endpoints.command('list').description('endpoints, oldest first')).action(list);
  withAnswer(
    endpoints
      .command('rotate')
      .description('sign with a new secret, for a day with the old one, too')
      .argument('<id>'),
  ).action(rotate);
  withAnswer(
    endpoints
      .command('delete')
      .description('remove an endpoint, and the callbacks that it did not get yet')
      .argument('<id>'),
  ).action(remove);
}

async function create(url: string, { name = '', ...options }: CreateOptions): Promise<void> {
  const created = await withClient(options, ({ notifications }) =>
    notifications.endpoints.create({ url, name }),
  );
  const { endpoint, secret } = created;
  console.log(
    options.json
      ? JSON.stringify(created)
      : withSecret(endpointTable(endpoint === undefined ? [] : [endpoint]), secret),
  );
}

async function list(options: ListOptions): Promise<void> {
  await withClient(options, ({ notifications }) =>
    showList(notifications.endpoints.list(), options, endpointTable),
  );
}

async function rotate(id: string, options: AnswerOptions): Promise<void> {
  const secret = await withClient(options, ({ notifications }) => notifications.endpoints.rotateSecret(id));
  console.log(
    options.json
      ? JSON.stringify({ id, secret })
      : withSecret(`${id} signs with a new secret, and with the old one for a day.`, secret),
  );
}

async function remove(id: string, options: AnswerOptions): Promise<void> {
  await withClient(options, ({ notifications }) => notifications.endpoints.delete(id));
  console.log(options.json ? JSON.stringify({ id, deleted: true }) : `${id} is deleted`);
}
