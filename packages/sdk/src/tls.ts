import { readFileSync } from 'node:fs';
import { type ChannelCredentials, type ChannelOptions, credentials } from '@grpc/grpc-js';
import { MienError } from '@mien/errors';

/** How the connection to a gateway is encrypted. Files are PEM; they are read when the client is made. */
export interface TlsOptions {
  /** Authorities that the gateway's certificate may come from, in PEM; the well-known ones of Node unless given. */
  readonly ca?: string | Buffer;
  /** A file with them, instead. */
  readonly caFile?: string;
  /** Our own certificate, where the gateway asks for one; with keyFile. */
  readonly certFile?: string;
  readonly keyFile?: string;
  /** The name in the gateway's certificate, where it is another than that of the address. */
  readonly serverName?: string;
}

/** Throws CONFIGURATION_INVALID for files that can't be used. */
export function tlsCredentials(options: TlsOptions): ChannelCredentials {
  const { ca, caFile, certFile, keyFile } = options;
  if ((certFile === undefined) !== (keyFile === undefined)) {
    throw new MienError(
      'CONFIGURATION_INVALID',
      'a certificate of our own needs its key, and the key its certificate',
    );
  }
  const authorities = ca === undefined ? read(caFile) : Buffer.from(ca);
  try {
    return credentials.createSsl(authorities, read(keyFile), read(certFile));
  } catch (error) {
    throw error instanceof MienError
      ? error
      : new MienError('CONFIGURATION_INVALID', 'the certificates can not be used', { cause: error });
  }
}

export function tlsChannelOptions({ serverName }: TlsOptions): ChannelOptions {
  return serverName === undefined
    ? {}
    : { 'grpc.ssl_target_name_override': serverName, 'grpc.default_authority': serverName };
}

function read(file: string | undefined): Buffer | null {
  if (file === undefined) {
    return null;
  }
  try {
    return readFileSync(file);
  } catch (error) {
    throw new MienError('CONFIGURATION_INVALID', `${file} can not be read`, { cause: error });
  }
}
