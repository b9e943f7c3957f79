import { SingleBar } from 'cli-progress';

/** A bar on standard error; undefined where that is no terminal. */
export function progressBar(total: number, noun: string): SingleBar | undefined {
  if (!process.stderr.isTTY) {
    return undefined;
  }
  const bar = new SingleBar({
    format: `{bar} {value}/{total} ${noun}, {eta_formatted} left`,
    stream: process.stderr,
  });
  bar.start(total, 0);
  return bar;
}
