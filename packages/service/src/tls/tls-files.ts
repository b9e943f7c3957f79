import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { MienError } from '@mien/errors';

/** Where the certificates of one side of a connection lie, as PEM files. */
export interface TlsFiles {
  /** Our certificate, followed by those between it and its authority. */
  readonly certFile: string;
  readonly keyFile: string;
  /** The authorities that the other side's certificate must come from; a server without them asks for none. */
  readonly caFile?: string;
}

export interface TlsContents {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly ca: Buffer | undefined;
}

/** Reads the files. Throws CONFIGURATION_INVALID for one that is missing, is no PEM, or a key of another certificate. */
export async function readTlsFiles({ certFile, keyFile, caFile }: TlsFiles): Promise<TlsContents> {
  const contents = {
    cert: await read(certFile),
    key: await read(keyFile),
    ca: caFile === undefined ? undefined : await read(caFile),
  };
  const { cert, key, ca } = contents;
  checked(`${certFile} and ${keyFile} are not a certificate and its key`, () =>
    createSecureContext({ cert, key }),
  );
  if (ca !== undefined) {
    checked(`${caFile} holds no certificate`, () => new X509Certificate(ca));
  }
  return contents;
}

export function sameContents(a: TlsContents, b: TlsContents): boolean {
  const sameAuthorities = a.ca === undefined || b.ca === undefined ? a.ca === b.ca : a.ca.equals(b.ca);
  return a.cert.equals(b.cert) && a.key.equals(b.key) && sameAuthorities;
}

async function read(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new MienError('CONFIGURATION_INVALID', `${file} can not be read`, { cause: error });
  }
}

function checked(message: string, check: () => unknown): void {
  try {
    check();
  } catch (error) {
    throw new MienError('CONFIGURATION_INVALID', message, { cause: error });
  }
}
