/** When an endpoint that fails is left alone. */
export interface CircuitRules {
  /** Failures in a row that open the circuit. */
  readonly failures: number;
  /** How long it is open the first time; twice as long after each probe that fails. */
  readonly openMs: number;
  readonly longestOpenMs: number;
}

/** Failures end quickly only when nobody insists: https://martinfowler.com/bliki/CircuitBreaker.html */
export const CIRCUIT_RULES: CircuitRules = { failures: 5, openMs: 5_000, longestOpenMs: 300_000 };

/** What is known of an endpoint's health: closed, open for a time, or half open with one probe under way. */
export class Circuit {
  private failures = 0;
  private openings = 0;
  private openUntil = 0;
  private probing = false;

  constructor(
    private readonly rules: CircuitRules,
    /** Milliseconds; only ever goes forward. */
    private readonly now: () => number,
    /** 0..1, so that not all notifiers probe at once. */
    private readonly random: () => number,
  ) {}

  /** Whether calls are kept back to a probe at a time. */
  get open(): boolean {
    return this.openings > 0;
  }

  /** Milliseconds until a call may be tried. */
  get waitMs(): number {
    return Math.max(0, this.openUntil - this.now());
  }

  /** How many calls may be under way now. */
  allowed(most: number): number {
    if (!this.open) {
      return most;
    }
    return this.waitMs === 0 ? 1 : 0;
  }

  /** Whether a call may begin; told of one that does. */
  begin(): boolean {
    if (!this.open) {
      return true;
    }
    if (this.probing || this.waitMs > 0) {
      return false;
    }
    this.probing = true;
    return true;
  }

  succeeded(): void {
    this.failures = 0;
    this.openings = 0;
    this.probing = false;
  }

  failed(): void {
    this.failures += 1;
    const probe = this.probing;
    this.probing = false;
    if (probe || (!this.open && this.failures >= this.rules.failures)) {
      const { openMs, longestOpenMs } = this.rules;
      const base = Math.min(longestOpenMs, openMs * 2 ** this.openings);
      this.openings += 1;
      this.openUntil = this.now() + base * (0.75 + this.random() / 4);
    }
  }
}
