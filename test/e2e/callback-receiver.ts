import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

interface ReceivedCallback {
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** An endpoint as a customer runs it. */
export class CallbackReceiver {
  private readonly calls: ReceivedCallback[] = [];
  private heard: () => void = () => undefined;

  private constructor(private readonly server: Server) {}

  static async listen(): Promise<CallbackReceiver> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const headers = Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
        );
        receiver.calls.push({ headers, body: Buffer.concat(chunks).toString('utf8') });
        response.writeHead(204).end();
        receiver.heard();
      });
    });
    const receiver = new CallbackReceiver(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/mien`;
  }

  async next(): Promise<ReceivedCallback> {
    for (;;) {
      const call = this.calls.shift();
      if (call !== undefined) {
        return call;
      }
      await new Promise<void>((resolve) => {
        this.heard = resolve;
      });
    }
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
