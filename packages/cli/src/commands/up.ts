import { dirname, join, resolve } from 'node:path';
import type { Platform } from '@mien/platform';
import { type Command, Option } from 'commander';

interface UpOptions {
  readonly dataDir: string;
  readonly grpcPort: string;
  readonly httpPort: string;
  readonly opsPort: string;
  readonly natsUrl?: string;
  readonly processes?: true;
  readonly json?: true;
}

export function addUp(program: Command): void {
  program
    .command('up')
    .description('start the whole platform on this machine, reachable from this machine only')
    .addOption(
      new Option('--data-dir <folder>', 'where everything is kept')
        .env('MIEN_DATA_DIR')
        .default('.mien/data'),
    )
    .option('--grpc-port <port>', 'gRPC port of the gateway, 0 for any free one', '50051')
    .option('--http-port <port>', 'HTTP port of the gateway, 0 for any free one', '8080')
    .option('--ops-port <port>', 'port of /livez, /readyz and /metrics, 0 for any free one', '0')
    .addOption(
      new Option('--nats-url <url>', 'use this NATS server instead of starting one').env('MIEN_NATS_URL'),
    )
    .option('--processes', 'each service in a process of its own, restarted when it dies')
    .option('--json', 'tell the addresses as one line of JSON when ready')
    .addHelpText('after', '\nFurther settings are environment variables; docs/configuration.md lists them.')
    .action(up);
}

async function up(options: UpOptions): Promise<void> {
  const stopped = stopSignal();
  const env = environment(options);
  // Only here: models and databases take a second to load that no other command needs.
  const { startInOneProcess, startProcessEach } = await import('@mien/platform');
  const platform = options.processes
    ? await startProcessEach(env, (line) => process.stderr.write(`${line}\n`))
    : await startInOneProcess(env);
  announce(platform, options.json ?? false);
  await stopped;
  await platform.stop();
  process.exit(0);
}

/** Settings given on the command line win over the environment's. */
function environment(options: UpOptions): NodeJS.ProcessEnv {
  return {
    MIEN_MODEL_PACK: defaultModelPack(),
    MIEN_LOG_LEVEL: 'warn',
    ...process.env,
    MIEN_DATA_DIR: resolve(options.dataDir),
    MIEN_GATEWAY_GRPC_PORT: options.grpcPort,
    MIEN_GATEWAY_HTTP_PORT: options.httpPort,
    MIEN_OPS_PORT: options.opsPort,
    ...(options.natsUrl === undefined ? {} : { MIEN_NATS_URL: options.natsUrl }),
  };
}

/** The pack that the set-up prepares, in the checkout that this command is part of. */
function defaultModelPack(): string {
  const repository = dirname(dirname(dirname(dirname(__dirname))));
  return join(repository, '.mien', 'models', 'default', 'manifest.json');
}

function announce(platform: Platform, json: boolean): void {
  const { grpcAddress, httpAddress, libraryAddress, opsAddress, encrypted, adminKeyFile } = platform;
  if (json) {
    console.log(JSON.stringify({ grpcAddress, httpAddress, libraryAddress, opsAddress, adminKeyFile }));
    return;
  }
  const http = `${encrypted ? 'https' : 'http'}://${httpAddress}`;
  console.log(
    [
      'Mien is up.',
      `  gRPC     ${grpcAddress}   mien.v1, with reflection${encrypted ? ', over TLS' : ''}`,
      `  HTTP     ${http}   document: ${http}/docs`,
      `  library  ${libraryAddress}   for mien library check`,
      `  metrics  http://${opsAddress}/metrics`,
      adminKeyFile === undefined
        ? '  keys     none are asked for'
        : `  keys     an admin's in ${adminKeyFile}, which commands on this machine show`,
      'Ctrl-C stops it; work under way is finished first.',
    ].join('\n'),
  );
}

function stopSignal(): Promise<void> {
  return new Promise((done) => {
    process.once('SIGTERM', () => done());
    process.once('SIGINT', () => done());
  });
}
