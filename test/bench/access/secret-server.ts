import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What nobody outside may reach, on loopback, and a server that sends its visitors there. */
export interface SecretServer {
  /** Of the secret. */
  readonly port: number;
  /** host:port of the server that redirects, which may be reached. */
  readonly redirector: string;
  /** Requests that got through to the secret. */
  readonly visits: () => number;
  stop(): Promise<void>;
}

/** An address of its own on loopback, which the gateway is told to allow. */
const REDIRECTOR_HOST = '127.0.0.2';
export const REDIRECTOR_NETWORK = `${REDIRECTOR_HOST}/32`;

export async function startSecretServer(): Promise<SecretServer> {
  let visits = 0;
  const secret = createServer((_, response) => {
    visits += 1;
    response.end('secret');
  });
  const port = await listening(secret, '127.0.0.1');
  const redirector = createServer(({ url = '' }, response) => {
    const target = decodeURIComponent(url.slice('/?to='.length));
    response.writeHead(302, { location: target }).end();
  });
  const redirectorPort = await listening(redirector, REDIRECTOR_HOST);
  return {
    port,
    redirector: `${REDIRECTOR_HOST}:${redirectorPort}`,
    visits: () => visits,
    stop: async () => {
      for (const server of [secret, redirector]) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

async function listening(server: Server, host: string): Promise<number> {
  server.listen(0, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
