/** One kind of damage. */
export interface Damage {
  readonly count: number;
  /** The first hundred. */
  readonly examples: readonly string[];
}

const MOST_EXAMPLES = 100;

/** Counts damage and remembers what was found first. */
export class DamageCount implements Damage {
  private found: string[] = [];
  private total = 0;

  get count(): number {
    return this.total;
  }

  get examples(): readonly string[] {
    return this.found;
  }

  toJSON(): Damage {
    return { count: this.count, examples: this.examples };
  }

  add(names: readonly string[]): void {
    this.total += names.length;
    this.found = [...this.found, ...names.slice(0, MOST_EXAMPLES - this.found.length)];
  }
}
