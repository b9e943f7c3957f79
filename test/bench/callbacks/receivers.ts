import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';

/** What the receiver of an endpoint does with callbacks. */
export type Manner = 'takes' | 'hangs' | 'fails';

interface Endpoint {
  readonly manner: Manner;
  readonly verifier: Webhook;
}

/** Receivers of many endpoints behind one server, told apart by their paths. */
export class Receivers {
  /** When a callback was taken for the first time, by webhook-id, as performance.now() has it. */
  readonly takenAt = new Map<string, number>();
  /** Taken once more. */
  repeated = 0;
  forged = 0;
  /** Attempts at endpoints that hang or fail. */
  readonly inVain: Record<Manner, number> = { takes: 0, hangs: 0, fails: 0 };
  private readonly endpoints = new Map<string, Endpoint>();
  private told: () => void = () => undefined;

  private constructor(private readonly server: Server) {}

  static async listen(): Promise<Receivers> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const receivers = new Receivers(server);
    server.on('request', (request, response) => void receivers.answer(request, response));
    return receivers;
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }

  add(path: string, manner: Manner, secret: string): void {
    this.endpoints.set(path, { manner, verifier: new Webhook(secret) });
  }

  /** Resolves when so many callbacks were taken. */
  async taken(count: number): Promise<void> {
    while (this.takenAt.size < count) {
      await new Promise<void>((resolve) => {
        this.told = resolve;
      });
    }
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = performance.now();
    const endpoint = this.endpoints.get(request.url ?? '');
    const body = await buffer(request);
    if (endpoint === undefined || !verifies(endpoint.verifier, body, request)) {
      this.forged += 1;
      response.writeHead(400).end();
      return;
    }
    if (endpoint.manner !== 'takes') {
      this.inVain[endpoint.manner] += 1;
      if (endpoint.manner === 'fails') {
        response.writeHead(500).end();
      }
      return;
    }
    response.writeHead(204).end();
    this.note(String(request.headers['webhook-id']), at);
  }

  private note(id: string, at: number): void {
    if (this.takenAt.has(id)) {
      this.repeated += 1;
    } else {
      this.takenAt.set(id, at);
    }
    this.told();
  }
}

function verifies(verifier: Webhook, body: Buffer, { headers }: IncomingMessage): boolean {
  try {
    verifier.verify(body, {
      'webhook-id': String(headers['webhook-id']),
      'webhook-timestamp': String(headers['webhook-timestamp']),
      'webhook-signature': String(headers['webhook-signature']),
    });
    return true;
  } catch {
    return false;
  }
}
