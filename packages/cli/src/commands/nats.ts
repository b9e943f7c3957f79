import type { Command } from 'commander';

interface PermissionsOptions {
  readonly credentials: string;
  readonly json?: true;
}

/** For who runs a NATS server beside the platform. */
export function addNats(program: Command): void {
  program
    .command('nats-permissions')
    .description(
      'print the part of a nats-server configuration that lets each service in with its own rights',
    )
    .requiredOption(
      '--credentials <folder>',
      'where the secret of each service is, <service>.nk; those that are missing are made',
    )
    .option('--json', 'print JSON, as the value of "authorization"')
    .addHelpText(
      'after',
      '\nA service finds its secret through MIEN_NATS_NKEY_FILE. The configuration holds public keys only.',
    )
    .action(permissions);
  program
    .command('nats-provision')
    .description(
      'set up all streams, consumers and buckets on the NATS server, as services with MIEN_BUS_PROVISION=check expect',
    )
    .addHelpText(
      'after',
      '\nThe server and the credentials are environment variables, as those of the services: MIEN_NATS_URL,\n' +
        'MIEN_NATS_NKEY_FILE with the secret of the provisioner, MIEN_STREAM_REPLICAS and others;\n' +
        'docs/configuration.md lists them.',
    )
    .action(provision);
}

async function permissions({ credentials, json }: PermissionsOptions): Promise<void> {
  const { natsPermissions } = await import('@mien/platform');
  const made = await natsPermissions(credentials);
  console.log(json ? JSON.stringify(made.json, null, 2) : made.configuration.trimEnd());
  console.error(['Secrets, for one service each:', ...made.seedFiles.map((file) => `  ${file}`)].join('\n'));
}

async function provision(): Promise<void> {
  const { provisionNats } = await import('@mien/platform');
  await provisionNats({ MIEN_LOG_LEVEL: 'warn', ...process.env });
  console.log('The NATS server is set up.');
}
