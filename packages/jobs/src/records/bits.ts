/** Sets of small numbers, a bit for each. */

export function hasBit(bits: Uint8Array, index: number): boolean {
  return (((bits[index >> 3] ?? 0) >> (index & 7)) & 1) === 1;
}

export function withBit(bits: Uint8Array, index: number): Buffer {
  const copy = Buffer.alloc(Math.max(bits.length, (index >> 3) + 1));
  copy.set(bits);
  copy[index >> 3] = (copy[index >> 3] ?? 0) | (1 << (index & 7));
  return copy;
}

/** What is in the first set and not in the second. */
export function without(bits: Uint8Array, others: Uint8Array): Buffer {
  return Buffer.from(bits.map((byte, at) => byte & ~(others[at] ?? 0)));
}

export function countBits(bits: Uint8Array): number {
  let count = 0;
  for (const byte of bits) {
    for (let rest = byte; rest > 0; rest &= rest - 1) {
      count += 1;
    }
  }
  return count;
}
