import { get } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export interface Backend {
  readonly port: number;
  /** Where /readyz is. */
  readonly opsPort: number;
}

/** How often backends are asked whether they are ready. */
const PROBE_MS = 100;

/**
 * What stands before copies of a service: gives each new connection to the next one that was ready when last asked, and
 * lets connections be. A connection that can't be made is broken off, not tried elsewhere.
 */
export class Balancer {
  private readonly backends = new Map<number, { readonly opsPort: number; ready: boolean }>();
  private readonly sockets = new Set<Socket>();
  private readonly probing: NodeJS.Timeout;
  private turn = 0;

  private constructor(private readonly server: Server) {
    server.on('connection', (socket) => this.pass(socket));
    this.probing = setInterval(() => this.probe(), PROBE_MS);
  }

  static async listen(): Promise<Balancer> {
    const server = createServer({ allowHalfOpen: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Balancer(server);
  }

  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** @param backend one that is ready */
  add({ port, opsPort }: Backend): void {
    this.backends.set(port, { opsPort, ready: true });
  }

  remove(port: number): void {
    this.backends.delete(port);
  }

  close(): void {
    clearInterval(this.probing);
    this.server.close();
    for (const socket of this.sockets) {
      socket.destroy();
    }
  }

  private pass(client: Socket): void {
    const ready = [...this.backends].filter(([, state]) => state.ready).map(([port]) => port);
    const port = ready[this.turn++ % ready.length];
    if (port === undefined) {
      client.destroy();
      return;
    }
    const server = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.sockets.add(one);
      one.setNoDelay(true);
      one.pipe(other);
      one.once('error', () => other.destroy());
      one.once('close', () => {
        this.sockets.delete(one);
        other.destroySoon();
      });
    }
  }

  private probe(): void {
    for (const state of this.backends.values()) {
      get({ host: '127.0.0.1', port: state.opsPort, path: '/readyz', agent: false }, (response) => {
        response.resume();
        state.ready = response.statusCode === 200;
      }).once('error', () => {
        state.ready = false;
      });
    }
  }
}
