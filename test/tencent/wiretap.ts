import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request as it was on the wire. */
export interface Overheard {
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** Stands between a client and a gateway, passes everything on and keeps a copy of what the client said. */
export interface Wiretap {
  /** Where the client is to send its requests. */
  readonly address: string;
  readonly overheard: readonly Overheard[];
  close(): void;
}

export async function tapWire(gateway: string): Promise<Wiretap> {
  const overheard: Overheard[] = [];
  const server = createServer(async (request, response) => {
    const said = { headers: copied(request.headers), body: (await buffer(request)).toString() };
    overheard.push(said);
    const answer = await sendAgain(gateway, said);
    response.setHeader('content-type', 'application/json').end(await answer.text());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    overheard,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** The same request, to whichever gateway: official clients sign the name of the host, without its port. */
export function sendAgain(gateway: string, { headers, body }: Overheard): Promise<Response> {
  return fetch(`http://${gateway}/`, { method: 'POST', headers, body });
}

/** Without what belongs to the connection. */
function copied(headers: IncomingHttpHeaders): Record<string, string> {
  const own = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'accept-encoding']);
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      own.has(name) || value === undefined ? [] : [[name, String(value)]],
    ),
  );
}
