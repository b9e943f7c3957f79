import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { lastLines } from '../last-lines';
import type { Engine } from './engine';

export interface ContainerOptions {
  readonly name: string;
  readonly image: string;
  readonly env: Readonly<Record<string, string>>;
  /** Host path to path in the container, `:ro` where it may only be read. */
  readonly mounts: readonly string[];
  /** In place of the image's own. */
  readonly command?: readonly string[];
}

interface InspectedImage {
  readonly Docker: { readonly config: { readonly Healthcheck?: { readonly Test: readonly string[] } } };
}

const HEALTHY_WITHIN_MS = 180_000;
const ASKED_EVERY_MS = 500;
const LINES_KEPT = 20;

/** A container as the chart's pods are: the image's own user, a root that is read-only, no capabilities. */
export class Container {
  private constructor(
    private readonly engine: Engine,
    private readonly name: string,
    private readonly image: string,
    private readonly process: ChildProcess,
    private readonly lines: readonly string[],
  ) {}

  static start(engine: Engine, options: ContainerOptions): Container {
    const [file, args] = engine.podmanCommand(runArguments(options));
    const process = spawn(file, args, { env: engine.environment, stdio: ['ignore', 'pipe', 'pipe'] });
    return new Container(engine, options.name, options.image, process, lastLines(process, LINES_KEPT));
  }

  /** Runs to its end; returns what it printed. */
  static run(engine: Engine, options: ContainerOptions): Promise<string> {
    return engine.podman(...runArguments(options));
  }

  /** Runs the image's own health check in the container until it is content. */
  async healthy(): Promise<void> {
    const check = await this.healthCheck();
    const until = performance.now() + HEALTHY_WITHIN_MS;
    while (!(await this.does(check))) {
      if (this.process.exitCode !== null || performance.now() > until) {
        throw new Error(`${this.name} did not become healthy:\n${this.lines.join('\n')}`);
      }
      await pause(ASKED_EVERY_MS);
    }
  }

  /** What a program of Node.js prints in the container. */
  evaluate(program: string): Promise<string> {
    return this.engine.podman('exec', this.name, '/usr/local/bin/node', '-e', program);
  }

  /** Whether the container has a program that can be executed. */
  has(program: string): Promise<boolean> {
    return this.does([program, '-c', 'exit 0']);
  }

  /** SIGTERM; the exit code. */
  async stop(): Promise<number> {
    const ended = once(this.process, 'exit');
    if (this.process.exitCode !== null) {
      return this.process.exitCode;
    }
    await this.engine.podman('kill', '--signal', 'TERM', this.name);
    const [code] = await ended;
    return code as number;
  }

  private async healthCheck(): Promise<readonly string[]> {
    const inspected = await this.engine.buildah('inspect', '--type', 'image', this.image);
    const { Docker } = JSON.parse(inspected) as InspectedImage;
    const [kind, ...check] = Docker.config.Healthcheck?.Test ?? [];
    if (kind !== 'CMD') {
      throw new Error(`${this.image} has no health check that needs no shell`);
    }
    return check;
  }

  private does(command: readonly string[]): Promise<boolean> {
    return this.engine.podman('exec', this.name, ...command).then(
      () => true,
      () => false,
    );
  }
}

function runArguments({ name, image, env, mounts, command = [] }: ContainerOptions): string[] {
  return [
    ...['run', '--rm', '--name', name, '--network', 'host', '--cgroups', 'disabled', '--no-healthcheck'],
    ...['--read-only', '--read-only-tmpfs=false', '--tmpfs', '/tmp:size=64m,mode=1777'],
    ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
    ...LIMITS,
    ...Object.entries(env).flatMap(([variable, value]) => ['--env', `${variable}=${value}`]),
    ...mounts.flatMap((mount) => ['--volume', mount]),
    image,
    ...command,
  ];
}

/** Podman would raise them, which is a right that root may lack. */
const LIMITS = ['--ulimit', 'nofile=8192:8192', '--ulimit', 'nproc=4096:4096'];
