import { MienClient } from '@mien/sdk';
import { type Command, Option } from 'commander';
import { wholeNumber } from '../input/arguments';
import { type TlsFlags, tlsOf, withTls } from './tls';

export interface ConnectionOptions extends TlsFlags {
  readonly address: string;
  readonly timeoutSeconds: number;
}

/** What commands about the library take. */
export interface LibraryOptions extends ConnectionOptions {
  readonly json?: true;
}

export interface ListOptions extends LibraryOptions {
  readonly limit: number;
}

/** Adds the options by which a command finds the platform. */
export function withConnection(command: Command): Command {
  return withTls(command)
    .addOption(
      new Option('--address <host:port>', 'gRPC address of the gateway')
        .env('MIEN_ADDRESS')
        .default('127.0.0.1:50051'),
    )
    .addOption(
      new Option('--timeout-seconds <n>', 'how long to wait for an answer').argParser(Number).default(60),
    );
}

/** Adds the options of a command about the library that answers one thing. */
export function withLibrary(command: Command): Command {
  return withConnection(command.option('--json', 'print one line of JSON'));
}

/** Adds the options of a command about the library that answers a list. */
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
): Promise<T> {
  const client = new MienClient(options.address, {
    timeoutMs: options.timeoutSeconds * 1000,
    ...tlsOf(options),
  });
  try {
    return await run(client);
  } finally {
    client.close();
  }
}
