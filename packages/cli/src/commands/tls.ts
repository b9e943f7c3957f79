import type { TlsOptions } from '@mien/sdk';
import { type Command, Option } from 'commander';

/** How the connection to a service is encrypted. */
export interface TlsFlags {
  readonly tls?: true;
  readonly tlsCa?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsServerName?: string;
}

/** Adds the options of an encrypted connection. Their variables are not those that services read. */
export function withTls(command: Command): Command {
  return command
    .option('--tls', 'encrypted; needed only where none of the other options of TLS is given')
    .addOption(
      new Option('--tls-ca <file>', "authorities of the service's certificate (PEM), unless well known").env(
        'MIEN_CLIENT_TLS_CA_FILE',
      ),
    )
    .addOption(
      new Option('--tls-cert <file>', 'certificate of our own, where the service asks for one').env(
        'MIEN_CLIENT_TLS_CERT_FILE',
      ),
    )
    .addOption(new Option('--tls-key <file>', 'its key').env('MIEN_CLIENT_TLS_KEY_FILE'))
    .addOption(
      new Option(
        '--tls-server-name <name>',
        "name in the service's certificate, unless the address has it",
      ).env('MIEN_CLIENT_TLS_SERVER_NAME'),
    );
}

/** For the client; nothing where the connection is plain text. */
export function tlsOf(flags: TlsFlags): { tls?: TlsOptions } {
  const { tls, tlsCa, tlsCert, tlsKey, tlsServerName } = flags;
  const options: TlsOptions = {
    ...(tlsCa === undefined ? {} : { caFile: tlsCa }),
    ...(tlsCert === undefined ? {} : { certFile: tlsCert }),
    ...(tlsKey === undefined ? {} : { keyFile: tlsKey }),
    ...(tlsServerName === undefined ? {} : { serverName: tlsServerName }),
  };
  return tls === true || Object.keys(options).length > 0 ? { tls: options } : {};
}
