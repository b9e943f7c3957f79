import { LANES, type LaneName } from './catalog';

type Release = () => void;
type Waiter = (release: Release | undefined) => void;

/** A bounded number of places to work in. A place that gets free goes to interactive work first. */
export class Slots {
  private readonly waiting: Record<LaneName, Waiter[]> = { interactive: [], batch: [] };
  private closed = false;

  constructor(private free: number) {}

  /** Waits for a place; gives how to leave it, or undefined when the slots were closed meanwhile. */
  take(lane: LaneName): Promise<Release | undefined> {
    if (this.closed) {
      return Promise.resolve(undefined);
    }
    if (this.free > 0) {
      this.free -= 1;
      return Promise.resolve(this.releaser());
    }
    return new Promise((resolve) => this.waiting[lane].push(resolve));
  }

  /** Sends away whoever waits; who is inside stays. */
  close(): void {
    this.closed = true;
    for (const lane of LANES) {
      for (const waiter of this.waiting[lane].splice(0)) {
        waiter(undefined);
      }
    }
  }

  private releaser(): Release {
    let left = false;
    return () => {
      if (!left) {
        left = true;
        this.handOn();
      }
    };
  }

  private handOn(): void {
    const next = this.waiting.interactive.shift() ?? this.waiting.batch.shift();
    if (next === undefined) {
      this.free += 1;
    } else {
      next(this.releaser());
    }
  }
}
