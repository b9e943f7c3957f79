import type { LaneLoad } from '@mien/bus';

/** Of a lane's last speeds, how much the newest counts. */
const NEWEST_SHARE = 0.5;

/**
 * How long the next job of a lane will have to wait, from what was heard of the lane now and then. The oldest waiting
 * job has waited so long already. Where jobs waited all the time between two reports, the workers did what they could
 * meanwhile: the queue divided by that speed is the other estimate. A speed of a lane that ran empty says nothing of
 * what it could do.
 */
export class LaneForecast {
  private last: { readonly load: LaneLoad; readonly at: number } | undefined;
  private msPerJob: number | undefined;

  /** @param load undefined when the lane could not be asked; @param at in milliseconds */
  hear(load: LaneLoad | undefined, at: number): void {
    const before = this.last;
    this.last = load === undefined ? undefined : { load, at };
    if (load === undefined || load.waiting === 0) {
      this.msPerJob = undefined;
      return;
    }
    if (before !== undefined && before.load.waiting > 0) {
      this.learn(load.delivered - before.load.delivered, at - before.at);
    }
  }

  /** As it was heard last; undefined when the lane could not be asked. */
  get load(): LaneLoad | undefined {
    return this.last?.load;
  }

  get waiting(): number {
    return this.last?.load.waiting ?? 0;
  }

  get expectedWaitMs(): number {
    const load = this.last?.load;
    return load === undefined ? 0 : Math.max(load.oldestMs, load.waiting * (this.msPerJob ?? 0));
  }

  private learn(delivered: number, elapsedMs: number): void {
    if (delivered <= 0) {
      return; // nobody works: the age of the oldest tells
    }
    const newest = elapsedMs / delivered;
    this.msPerJob =
      this.msPerJob === undefined ? newest : NEWEST_SHARE * newest + (1 - NEWEST_SHARE) * this.msPerJob;
  }
}
