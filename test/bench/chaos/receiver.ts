import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';

/** What came for one webhook-id. */
export interface Received {
  readonly times: number;
  readonly body: unknown;
}

/** An endpoint as a customer would run it: verifies every callback and keeps what it tells. */
export class CallbackReceiver {
  readonly received = new Map<string, Received>();
  /** Callbacks whose signature was not right. */
  forged = 0;
  private verifier: Webhook | undefined;

  private constructor(private readonly server: Server) {}

  static async listen(): Promise<CallbackReceiver> {
    const server = createServer((request, response) => {
      receiver.take(request).then(
        (status) => response.writeHead(status).end(),
        () => response.writeHead(500).end(),
      );
    });
    const receiver = new CallbackReceiver(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/callbacks`;
  }

  /** The secret that creating the endpoint answered. */
  trust(secret: string): void {
    this.verifier = new Webhook(secret);
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async take(request: IncomingMessage): Promise<number> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    const id = String(request.headers['webhook-id']);
    try {
      const body = this.verifier?.verify(Buffer.concat(chunks), {
        'webhook-id': id,
        'webhook-timestamp': String(request.headers['webhook-timestamp']),
        'webhook-signature': String(request.headers['webhook-signature']),
      });
      this.received.set(id, { times: (this.received.get(id)?.times ?? 0) + 1, body });
      return 204;
    } catch (error) {
      this.forged += error instanceof WebhookVerificationError ? 1 : 0;
      return 401;
    }
  }
}
