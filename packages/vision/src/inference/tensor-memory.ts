/** Spare blocks kept: as many as a stage usually works on at once. */
const MOST_SPARE = 2;

/**
 * Memory for a model's inputs, used again and again. A new block of some megabytes per inference costs more time to
 * be mapped than to be filled, and makes the garbage collector look at the whole heap every few photos.
 */
export class TensorMemory {
  private spare: ArrayBuffer[] = [];
  private readonly lent = new WeakSet<ArrayBufferLike>();

  /** Room for so many numbers, holding whatever was there before. */
  lend(length: number): Float32Array {
    const bytes = length * Float32Array.BYTES_PER_ELEMENT;
    const found = this.spare.findIndex(({ byteLength }) => byteLength >= bytes);
    const block = found === -1 ? new ArrayBuffer(bytes) : this.spare.splice(found, 1)[0];
    const data = new Float32Array(block ?? new ArrayBuffer(bytes), 0, length);
    this.lent.add(data.buffer);
    return data;
  }

  /** Whether this memory came from here, so that it may be passed on without being copied. */
  isLent(data: Float32Array): boolean {
    return this.lent.has(data.buffer);
  }

  /** Takes back a block; of more than are worth keeping the smallest goes. */
  takeBack(block: ArrayBuffer): void {
    this.spare.push(block);
    this.spare.sort((a, b) => a.byteLength - b.byteLength);
    if (this.spare.length > MOST_SPARE) {
      this.spare.shift();
    }
  }
}
