import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { onPath } from '../../chart/tools/go';
import { lastLines } from '../last-lines';

/** What a control plane is made of. */
const NEEDED = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const;
const LINES_KEPT = 30;

export type Program = (typeof NEEDED)[number];

/** Where each program is: in the folder given, or on the PATH. */
export function findPrograms(folder: string | undefined): Map<Program, string> {
  const found = new Map<Program, string>();
  for (const name of NEEDED) {
    const given = folder === undefined ? [] : folder.split(delimiter).map((one) => join(one, name));
    const file = given.find(existsSync) ?? onPath(name);
    if (file !== undefined) {
      found.set(name, file);
    }
  }
  return found;
}

/** What is not there, with where it can be had; undefined when all is. */
export function lacking(found: ReadonlyMap<Program, string>): string | undefined {
  const missing = NEEDED.filter((name) => !found.has(name));
  return missing.length === 0
    ? undefined
    : `not found: ${missing.join(', ')}. Put Kubernetes' server binaries and etcd on the PATH, or in a folder that MIEN_KUBERNETES_BIN names`;
}

/** A process of the control plane. */
export class Running {
  private readonly lines: readonly string[];

  private constructor(
    readonly name: string,
    private readonly process: ChildProcess,
  ) {
    this.lines = lastLines(process, LINES_KEPT);
  }

  static start(file: string, args: readonly string[]): Running {
    return new Running(file, spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  /** What it said last, once it has ended before its time. */
  get failure(): string | undefined {
    const { exitCode } = this.process;
    return exitCode === null ? undefined : `${this.name} ended with ${exitCode}:\n${this.lines.join('\n')}`;
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const ended = once(this.process, 'exit');
      this.process.kill('SIGTERM');
      await ended;
    }
  }
}
