import { MienClient } from '@mien/sdk';
import { type Command, Option } from 'commander';

export interface ConnectionOptions {
  readonly address: string;
  readonly timeoutSeconds: number;
}

/** Adds the options by which a command finds the platform. */
export function withConnection(command: Command): Command {
  return command
    .addOption(
      new Option('--address <host:port>', 'gRPC address of the gateway')
        .env('MIEN_ADDRESS')
        .default('127.0.0.1:50051'),
    )
    .addOption(
      new Option('--timeout-seconds <n>', 'how long to wait for an answer').argParser(Number).default(60),
    );
}

/** Runs with a client and closes it whatever happens. */
export async function withClient<T>(
  options: ConnectionOptions,
  run: (client: MienClient) => Promise<T>,
): Promise<T> {
  const client = new MienClient(options.address, { timeoutMs: options.timeoutSeconds * 1000 });
  try {
    return await run(client);
  } finally {
    client.close();
  }
}
