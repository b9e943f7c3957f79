import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** Passes a server's bytes on until it is told to stop in the middle of them, connections left open. */
export class FreezingProxy {
  private readonly sockets = new Set<Socket>();
  private allowance = Number.POSITIVE_INFINITY;

  private constructor(
    private readonly server: Server,
    readonly endpoint: string,
  ) {}

  static async start(target: string): Promise<FreezingProxy> {
    const { hostname, port } = new URL(target);
    const server = createServer((client) => proxy.join(client, connect(Number(port), hostname)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const own = typeof address === 'object' && address !== null ? address.port : 0;
    const proxy = new FreezingProxy(server, `http://127.0.0.1:${own}`);
    return proxy;
  }

  /** Lets so many more bytes of answers through, and then none. */
  freezeAfter(bytes: number): void {
    this.allowance = bytes;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) {
      socket.destroy();
    }
    this.server.close();
    await once(this.server, 'close');
  }

  private join(client: Socket, server: Socket): void {
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
    client.on('data', (bytes) => server.write(bytes));
    server.on('data', (bytes) => {
      const passed = bytes.subarray(0, this.allowance);
      this.allowance -= passed.byteLength;
      if (passed.byteLength > 0) {
        client.write(passed);
      }
    });
  }
}
