import { readdirSync, readFileSync } from 'node:fs';

/**
 * Peak resident memory of a process and of all its descendants, in MB (Linux: VmHWM of /proc/<pid>/status). The sum
 * of peaks is at least the peak of the sum.
 */
export function peakMemoryMb(pid: number): number {
  return [pid, ...descendants(pid)].reduce((sum, one) => sum + peakOf(one), 0);
}

function peakOf(pid: number): number {
  const [, kilobytes = '0'] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

function descendants(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) => {
    const children = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim();
    return children === ''
      ? []
      : children
          .split(' ')
          .map(Number)
          .flatMap((child) => [child, ...descendants(child)]);
  });
}
