/** A signature that is taken is refused from then on. */
export class ReplayMemory {
  /** When each was taken, oldest first, and the trace ids that came with it. */
  private readonly taken = new Map<string, { readonly at: number; readonly traces: Set<string> }>();

  /**
   * @param rememberMs how long a signature could be taken again but for this memory
   * @param repeatMs how long after the first time a request may come again that is the same to the signature, because
   * timestamps are whole seconds, but was sent anew, because its trace id is another one
   * @param lenientMs the same, whatever the trace id
   */
  constructor(
    private readonly rememberMs: number,
    private readonly repeatMs: number,
    private readonly lenientMs: number,
  ) {}

  /** Whether the signature may be taken, which this does. @param now milliseconds of a clock that does not jump */
  take(signature: string, trace: string, now: number): boolean {
    this.forget(now);
    const before = this.taken.get(signature);
    if (before === undefined) {
      this.taken.set(signature, { at: now, traces: new Set([trace]) });
      return true;
    }
    const age = now - before.at;
    if (age <= this.lenientMs) {
      return true;
    }
    if (age > this.repeatMs || trace === '' || before.traces.has('') || before.traces.has(trace)) {
      return false;
    }
    before.traces.add(trace);
    return true;
  }

  private forget(now: number): void {
    for (const [signature, { at }] of this.taken) {
      if (now - at <= this.rememberMs && this.taken.size <= MOST) {
        return;
      }
      this.taken.delete(signature);
    }
  }
}

/** Of about 300 bytes each. Beyond 1,600 signed requests a second for ten minutes the oldest are forgotten early. */
const MOST = 1_000_000;
