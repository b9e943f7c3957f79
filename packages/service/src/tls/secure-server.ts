import type { RequestListener } from 'node:http';
import { createServer as createHttpsServer, type Server, type ServerOptions } from 'node:https';
import type { ReloadingTls } from './reloading-tls';
import type { TlsContents } from './tls-files';

/** What a server of Node takes for TLS. */
export interface SecureServerOptions {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly ca: Buffer | undefined;
  readonly requestCert: boolean;
  readonly rejectUnauthorized: boolean;
  readonly minVersion: 'TLSv1.2';
}

/** Callers have to show a certificate of the authorities where these are given. */
export function secureServerOptions({ cert, key, ca }: TlsContents): SecureServerOptions {
  const mutual = ca !== undefined;
  return { cert, key, ca, requestCert: mutual, rejectUnauthorized: mutual, minVersion: 'TLSv1.2' };
}

/** A server for HTTPS that goes over to changed certificates by itself. */
export function createSecureHttpServer(
  tls: ReloadingTls,
  options: ServerOptions,
  handle: RequestListener,
): Server {
  const server = createHttpsServer({ ...options, ...secureServerOptions(tls.contents) }, handle);
  const stop = tls.onChange((contents) => server.setSecureContext(secureServerOptions(contents)));
  server.once('close', stop);
  return server;
}
