import type { ChildProcess } from 'node:child_process';

/** What a process wrote last, so many lines: the list goes on changing while it writes. */
export function lastLines({ stdout, stderr }: ChildProcess, count: number): readonly string[] {
  const lines: string[] = [];
  for (const stream of [stdout, stderr]) {
    stream?.on('data', (data: Buffer) => {
      lines.push(...data.toString().trim().split('\n'));
      lines.splice(0, lines.length - count);
    });
  }
  return lines;
}
