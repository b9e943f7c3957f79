interface Sample {
  readonly atMs: number;
  readonly done: number;
}

/** Long enough to smooth what comes in bursts, short enough to follow a change. */
const WINDOW_MS = 15_000;

/** How fast something goes on, of late. */
export class RateMeter {
  private readonly samples: Sample[];

  constructor(private readonly now: () => number = () => performance.now()) {
    this.samples = [{ atMs: now(), done: 0 }];
  }

  /** So much is done altogether, what was done before the start not counted. */
  reached(done: number): void {
    this.samples.push({ atMs: this.now(), done });
    while ((this.samples[1]?.atMs ?? Number.POSITIVE_INFINITY) < this.now() - WINDOW_MS) {
      this.samples.shift();
    }
  }

  /** Undefined before anything was done. */
  perSecond(): number | undefined {
    const [first] = this.samples;
    const last = this.samples.at(-1);
    const seconds = (this.now() - (first?.atMs ?? 0)) / 1000;
    const done = (last?.done ?? 0) - (first?.done ?? 0);
    return done > 0 && seconds > 0 ? done / seconds : undefined;
  }
}
