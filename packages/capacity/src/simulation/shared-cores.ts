/** Jobs that come to cores which all of them share alike, each on one core at most. */
export interface SharedCores {
  readonly cores: number;
  /** Work until a job is answered, in seconds of a core. */
  readonly answerSeconds: number;
  /** Work for a job that is left to do when it has been answered. */
  readonly afterwardsSeconds: number;
}

interface Work {
  readonly arrived: number | undefined;
  left: number;
}

/** Seconds until each job is answered, in the order in which they are, for jobs that arrive at those times. */
export function timesOnSharedCores(arrivals: readonly number[], machine: SharedCores): number[] {
  const times: number[] = [];
  let now = 0;
  let running: Work[] = [];
  const coming = [...arrivals].sort((a, b) => a - b);
  while (coming.length > 0 || running.length > 0) {
    const speed = Math.min(1, machine.cores / Math.max(1, running.length));
    const ends = now + Math.min(...running.map(({ left }) => left)) / speed;
    const next = Math.min(ends, coming[0] ?? Number.POSITIVE_INFINITY);
    for (const work of running) {
      work.left -= (next - now) * speed;
    }
    now = next;
    const done = running.filter(({ left }) => left <= 1e-9);
    running = running.filter(({ left }) => left > 1e-9);
    for (const { arrived } of done) {
      if (arrived !== undefined) {
        times.push(now - arrived);
        running.push({ arrived: undefined, left: machine.afterwardsSeconds });
      }
    }
    while (coming[0] !== undefined && coming[0] <= now) {
      running.push({ arrived: coming.shift(), left: machine.answerSeconds });
    }
  }
  return times;
}
