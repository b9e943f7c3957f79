import { createHash } from 'node:crypto';

/** Exact in a double. */
const BYTES = 6;

/**
 * A set of very many names that keeps 48 bits of a hash of each: some tens of bytes instead of hundreds. Among three
 * million names the chance that one seems to be in it and is not is about one in a hundred million for each asked.
 */
export class NameSet {
  private readonly names = new Set<number>();

  add(name: string): void {
    this.names.add(shortened(name));
  }

  has(name: string): boolean {
    return this.names.has(shortened(name));
  }

  get size(): number {
    return this.names.size;
  }
}

function shortened(name: string): number {
  return createHash('sha256').update(name).digest().readUIntBE(0, BYTES);
}
