import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** The ports that a service tells when it is ready; 0 where it has none. */
export interface ServicePorts {
  readonly grpcPort: number;
  readonly httpPort: number;
  readonly opsPort: number;
}

/** One process of a service, from its start to its orderly end. */
export class Instance {
  private constructor(
    private readonly child: ChildProcess,
    readonly ports: ServicePorts,
  ) {}

  /** Resolves when the service is ready for work. */
  static async start(main: string, env: NodeJS.ProcessEnv): Promise<Instance> {
    const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    return new Instance(child, await readiness(child, main));
  }

  /** SIGTERM; resolves with the milliseconds that it took to go. Rejects when it did not go as it should. */
  async terminate(): Promise<number> {
    const started = performance.now();
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const [code, signal] = await ended;
    if (code !== 0) {
      throw new Error(`${this.child.spawnargs.at(-1)} left with ${signal ?? code}`);
    }
    return performance.now() - started;
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }
}

function readiness(child: ChildProcess, main: string): Promise<ServicePorts> {
  return new Promise((resolve, reject) => {
    const last: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) {
        createInterface({ input: stream }).on('line', (line) => {
          last.splice(0, last.length - 5, line);
          if (line.includes('"msg":"ready"')) {
            resolve({ grpcPort: 0, httpPort: 0, ...JSON.parse(line) });
          }
        });
      }
    }
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`${main} ended before it was ready: ${last.join('\n')}`)));
  });
}
