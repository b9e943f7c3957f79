import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../photos/repository';

/** What became of a photo. */
export type Decoded =
  | { readonly kind: 'pixels'; readonly bytes: number; readonly width: number; readonly height: number }
  | { readonly kind: 'refused'; readonly reason: string; readonly message: string }
  | { readonly kind: 'fault'; readonly message: string };

/** The detector's decoding in a process of its own, which may die of what it is given. */
export class Decoder {
  private child: ChildProcess | undefined;

  /** Rejects when the process dies. */
  decode(bytes: Buffer): Promise<Decoded> {
    const child = this.running();
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null, signal: string | null) => {
        reject(new Error(`the decoding process died (${signal ?? code})`));
      };
      child.once('exit', onExit);
      child.once('message', (decoded) => {
        child.removeListener('exit', onExit);
        resolve(decoded as Decoded);
      });
      child.send(bytes);
    });
  }

  /** Peak resident memory so far, in MB. */
  peakMemoryMb(): number {
    const status = readFileSync(`/proc/${this.running().pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  }

  close(): void {
    this.child?.kill('SIGKILL');
  }

  private running(): ChildProcess {
    if (this.child === undefined || this.child.exitCode !== null || this.child.signalCode !== null) {
      const main = join(repositoryRoot(), 'test', 'dist', 'fuzz', 'images', 'decoding-process.js');
      this.child = fork(main, { serialization: 'advanced', execArgv: [] });
    }
    return this.child;
  }
}
