import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** Processor seconds up to a moment: of each process that belongs to the run, and of the cores as a whole. */
export interface ProcessorTime {
  readonly atMs: number;
  readonly ofProcess: ReadonlyMap<number, number>;
  readonly busy: number;
}

/** What was used between two moments. */
export interface ProcessorUse {
  readonly seconds: number;
  /** Processor seconds of a process, 0 for one that is not of the run. */
  of(pid: number | undefined): number;
  /** Of all processes of the run. */
  readonly ours: number;
  /** Cores that were left for the run: those that it may use without what others took. */
  readonly coresLeft: number;
  /** Share of the cores that others took. */
  readonly others: number;
}

/** Reads /proc (Linux): this process and its descendants, on the cores that they are bound to. */
export class ProcessorClock {
  constructor(private readonly cores: readonly number[]) {}

  now(): ProcessorTime {
    const pids = [process.pid, ...descendants(process.pid)];
    return {
      atMs: performance.now(),
      ofProcess: new Map(pids.map((pid) => [pid, secondsOf(pid)])),
      busy: this.cores.reduce((sum, core) => sum + busySecondsOf(core), 0),
    };
  }

  since(from: ProcessorTime): ProcessorUse {
    const to = this.now();
    const of = (pid: number | undefined) =>
      pid === undefined ? 0 : (to.ofProcess.get(pid) ?? 0) - (from.ofProcess.get(pid) ?? 0);
    const seconds = (to.atMs - from.atMs) / 1000;
    const ours = [...to.ofProcess.keys()].reduce((sum, pid) => sum + of(pid), 0);
    const foreign = Math.max(0, to.busy - from.busy - ours);
    const cores = this.cores.length;
    return {
      seconds,
      of,
      ours,
      coresLeft: cores - foreign / seconds,
      others: foreign / seconds / cores,
    };
  }
}

/** Binds this process and all that it has started to the cores, threads included. */
export function bindTo(cores: readonly number[]): void {
  for (const pid of [process.pid, ...descendants(process.pid)]) {
    execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', cores.join(','), String(pid)], {
      stdio: 'ignore',
    });
  }
}

/**
 * Does the work with this process and all that it has started before all other work on the machine, or in its turn:
 * times are worth something then where others are busy, too. Needs root (sched(7), SCHED_RR).
 */
export async function beforeOthers<Result>(work: () => Promise<Result>): Promise<Result> {
  schedule('--rr', 1);
  try {
    return await work();
  } finally {
    schedule('--other', 0);
  }
}

function schedule(policy: '--rr' | '--other', priority: number): void {
  for (const pid of [process.pid, ...descendants(process.pid)]) {
    execFileSync('chrt', ['--all-tasks', policy, '--pid', String(priority), String(pid)], {
      stdio: 'ignore',
    });
  }
}

/** proc(5): utime and stime are the 14th and 15th field; the second, in brackets, may hold spaces. */
function secondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** proc(5): user, nice, system, idle, iowait, irq, softirq, steal. What another machine took counts as busy. */
function busySecondsOf(core: number): number {
  const line = readFileSync('/proc/stat', 'utf8')
    .split('\n')
    .find((one) => one.startsWith(`cpu${core} `));
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = (line ?? '')
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq + steal) / TICKS_PER_SECOND;
}

function descendants(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) => {
    const children = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim();
    return children === ''
      ? []
      : children
          .split(' ')
          .map(Number)
          .filter((child) => isAlive(child))
          .flatMap((child) => [child, ...descendants(child)]);
  });
}

/** getconf and taskset themselves come and go. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
