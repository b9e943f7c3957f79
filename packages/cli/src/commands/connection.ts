import { type ClientOptions, MienClient } from '@mien/sdk';
import { type Command, Option } from 'commander';
import { wholeNumber } from '../input/arguments';
import { apiKeyOf, type KeyFlags, withApiKey } from './api-key';
import { type TlsFlags, tlsOf, withTls } from './tls';

export interface ConnectionOptions extends TlsFlags, KeyFlags {
  readonly address: string;
  readonly timeoutSeconds: number;
}

/** What a command takes that answers one thing. */
export interface AnswerOptions extends ConnectionOptions {
  readonly json?: true;
}

export interface ListOptions extends AnswerOptions {
  readonly limit: number;
}

/** Adds the options by which a command finds the platform. */
export function withConnection(command: Command): Command {
  const options = command
    .optionsGroup('Connection:')
    .addOption(
      new Option('--address <host:port>', 'gRPC address of the gateway')
        .env('MIEN_ADDRESS')
        .default('127.0.0.1:50051'),
    )
    .addOption(
      new Option('--timeout-seconds <n>', 'how long to wait for an answer').argParser(Number).default(60),
    );
  return withTls(withApiKey(options));
}

/** Adds the options of a command that answers one thing. */
export function withAnswer(command: Command): Command {
  return withConnection(command.option('--json', 'print one line of JSON'));
}

/** Adds the options of a command that answers a list. */
export function withList(command: Command): Command {
  return withConnection(
    command
      .option('--json', 'print one line of JSON per entry')
      .option('--limit <n>', 'entries at most', wholeNumber, 100),
  );
}

/** Runs with a client and closes it whatever happens. */
export async function withClient<T>(
  options: ConnectionOptions,
  run: (client: MienClient) => Promise<T>,
  further: Pick<ClientOptions, 'timeoutMs' | 'retries' | 'onRetry'> = {},
): Promise<T> {
  const client = new MienClient(options.address, {
    timeoutMs: options.timeoutSeconds * 1000,
    ...tlsOf(options),
    ...apiKeyOf(options, options.address),
    ...further,
  });
  try {
    return await run(client);
  } finally {
    client.close();
  }
}
