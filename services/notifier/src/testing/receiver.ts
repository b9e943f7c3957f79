import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { CloudEvent } from '@mien/notifications';

/** A callback as it came. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly event: CloudEvent;
}

export type Behaviour = (response: ServerResponse, received: Received) => void;

/** What a good receiver does. */
export const takes: Behaviour = (response) => response.writeHead(204).end();
export const hangs: Behaviour = () => undefined;
export const fails: Behaviour = (response) => response.writeHead(500).end('no');

/** A real HTTP server that callbacks are sent to; what it does depends on the path. */
export class Receiver {
  readonly received: Received[] = [];
  private readonly behaviours = new Map<string, Behaviour>();
  private readonly waiting = new Set<() => void>();

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async start(): Promise<Receiver> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const receiver = new Receiver(server, (server.address() as AddressInfo).port);
    server.on('request', async (request, response) => {
      const body = (await buffer(request)).toString();
      const path = request.url ?? '';
      const one = { path, headers: request.headers, body, event: JSON.parse(body) as CloudEvent };
      receiver.received.push(one);
      (receiver.behaviours.get(path) ?? takes)(response, one);
      for (const look of receiver.waiting) {
        look();
      }
    });
    return receiver;
  }

  url(path: string): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  on(path: string, behaviour: Behaviour): void {
    this.behaviours.set(path, behaviour);
  }

  /** What came to a path so far. */
  at(path: string): Received[] {
    return this.received.filter((one) => one.path === path);
  }

  /** Resolves when the condition holds after a callback came. */
  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (holds()) {
          this.waiting.delete(look);
          resolve();
        }
      };
      this.waiting.add(look);
      look();
    });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
