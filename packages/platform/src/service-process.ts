import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { endWithUs } from '@mien/bus';
import type { Environment } from '@mien/service';
import type { Logger } from 'pino';

/** The ports that a service tells in its log line "ready". */
export interface Ports {
  /** 0 where a service has none. */
  readonly grpcPort: number;
  readonly opsPort: number;
  /** The gateway's only. */
  readonly httpPort?: number;
}

export interface ServiceProcessOptions {
  readonly name: string;
  /** The service's main file. */
  readonly main: string;
  readonly env: Environment;
  /** Further variables for the next starts, from the ports of the first: who knows an address keeps it. */
  readonly keepPorts?: (ports: Ports) => Environment;
  readonly logger: Logger;
  /** Gets every line that the service logs. */
  readonly onLog: (line: string) => void;
}

const FIRST_RESTART_WAIT_MS = 100;
const LONGEST_RESTART_WAIT_MS = 10_000;

/**
 * One service as a child process, started again when it ends without having been told to. It is told to go when this
 * process is gone, however that ended.
 */
export class ServiceProcess {
  private child: ChildProcess | undefined;
  private failures = 0;
  private stopping = false;
  private kept: Environment = {};
  private restart: NodeJS.Timeout | undefined;

  constructor(private readonly options: ServiceProcessOptions) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Starts the service; resolves with its ports when it is ready for work, rejects when it ends before. */
  start(): Promise<Ports> {
    return new Promise((resolve, reject) => {
      const { main, env, name } = this.options;
      const child = spawn(process.execPath, [main], {
        env: { ...env, ...this.kept },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      this.child = child;
      endWithUs(child);
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on('line', (line) => {
          this.options.onLog(line);
          const ports = portsIn(line);
          if (ports !== undefined) {
            this.failures = 0;
            this.kept = this.options.keepPorts?.(ports) ?? {};
            resolve(ports);
          }
        });
      }
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        reject(new Error(`${name} ended before it was ready (${signal ?? code})`));
        this.ended(code, signal);
      });
    });
  }

  /** SIGTERM, and waits until the service has drained. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.restart);
    const child = this.child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) {
      return;
    }
    await new Promise((resolve) => {
      child.once('exit', resolve);
      child.kill('SIGTERM');
    });
  }

  private ended(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.stopping) {
      return;
    }
    const { name, logger } = this.options;
    const waitMs = Math.min(LONGEST_RESTART_WAIT_MS, FIRST_RESTART_WAIT_MS * 2 ** this.failures);
    this.failures += 1;
    logger.error({ service: name, code, signal, waitMs }, 'a service ended and is started again');
    // A start that fails ends here again, through its exit.
    this.restart = setTimeout(() => void this.start().catch(() => undefined), waitMs);
  }
}

function portsIn(line: string): Ports | undefined {
  if (!line.includes('"msg":"ready"')) {
    return undefined;
  }
  const { grpcPort = 0, opsPort, httpPort } = JSON.parse(line) as Partial<Ports> & Pick<Ports, 'opsPort'>;
  return httpPort === undefined ? { grpcPort, opsPort } : { grpcPort, opsPort, httpPort };
}
