import type { Cluster, Victim } from './cluster';
import type { RecordFollower } from './record-follower';

interface Kill {
  readonly victim: Victim;
  /** Until the victim was ready for work again. */
  readonly readyMs: number;
  /** Until the next job ended. */
  readonly nextEndMs: number;
}

const SHORTEST_PAUSE_MS = 3_000;
const PAUSE_SPREAD_MS = 5_000;

/** Kills one after the other at random moments, until it is told to stop. */
export class Killer {
  readonly kills: Kill[] = [];
  private stopped = false;
  private stopPause: () => void = () => undefined;
  private readonly running: Promise<void>;

  constructor(
    private readonly cluster: Cluster,
    private readonly follower: RecordFollower,
  ) {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.stopPause();
    await this.running;
  }

  private async run(): Promise<void> {
    let bag: Victim[] = [];
    for (;;) {
      await this.pause();
      if (this.stopped) {
        return;
      }
      if (bag.length === 0) {
        bag = shuffled(this.cluster.victims);
      }
      const victim = bag.pop() ?? '';
      const started = performance.now();
      const nextEnd = this.follower.anyEnd().then(() => performance.now() - started);
      const readyMs = await this.cluster.kill(victim);
      if (readyMs !== false) {
        void nextEnd.then((nextEndMs) => this.kills.push({ victim, readyMs, nextEndMs }));
      }
    }
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      this.stopPause = resolve;
      setTimeout(resolve, SHORTEST_PAUSE_MS + Math.random() * PAUSE_SPREAD_MS).unref();
    });
  }
}

function shuffled<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
