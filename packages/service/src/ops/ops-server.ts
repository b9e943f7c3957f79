import { createServer, type ServerResponse } from 'node:http';
import type { Telemetry } from '../telemetry/telemetry';

export interface OpsServerOptions {
  readonly bindAddress: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly telemetry: Telemetry;
  /** Whether work can be taken now. */
  readonly ready: () => Promise<boolean>;
}

export interface OpsServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Answers operators over HTTP: /livez, /readyz and /metrics. */
export async function startOpsServer(options: OpsServerOptions): Promise<OpsServer> {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    if (path === '/metrics') {
      options.telemetry.serveMetrics(request, response);
    } else if (path === '/livez') {
      answer(response, 200, 'live');
    } else if (path === '/readyz') {
      options.ready().then(
        (ready) => answer(response, ready ? 200 : 503, ready ? 'ready' : 'not ready'),
        () => answer(response, 503, 'not ready'),
      );
    } else {
      answer(response, 404, 'not found');
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.bindAddress, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(text);
}
