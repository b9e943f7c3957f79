/** A search that comes meanwhile waits for at most about this long. */
const TARGET_MS = 25;
/** Fewer at once would cost more each than they spare the others: the index takes searches in between by itself. */
const SMALLEST = 8;
const LARGEST = 64;

/**
 * How many faces to look up at once, so that searches of users, which wait behind what was handed to the index, hardly
 * notice: as many as took the target time lately.
 */
export class Pace {
  private msPerFace: number | undefined;

  get size(): number {
    const size = this.msPerFace === undefined ? SMALLEST : Math.floor(TARGET_MS / this.msPerFace);
    return Math.min(LARGEST, Math.max(SMALLEST, size));
  }

  /** Some faces took so long. Half of it counts, so that one slow moment does not. */
  took(faces: number, ms: number): void {
    const now = Math.max(ms, 0.001) / faces;
    this.msPerFace = this.msPerFace === undefined ? now : (this.msPerFace + now) / 2;
  }
}
