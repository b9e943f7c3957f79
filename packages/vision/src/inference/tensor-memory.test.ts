import { TensorMemory } from './tensor-memory';

/** The block that memory lies in, as the inference thread gives it back. */
function blockOf({ buffer }: Float32Array): ArrayBuffer {
  if (!(buffer instanceof ArrayBuffer)) {
    throw new Error('not a plain block');
  }
  return buffer;
}

describe('the memory of a model session', () => {
  it('lends a block again once it is back, for as much or less', () => {
    const memory = new TensorMemory();
    const first = memory.lend(10);
    expect(memory.lend(10).buffer).not.toBe(first.buffer);
    memory.takeBack(blockOf(first));
    const again = memory.lend(4);
    expect(again).toHaveLength(4);
    expect(again.buffer).toBe(first.buffer);
    memory.takeBack(blockOf(again));
    expect(memory.lend(11).buffer).not.toBe(first.buffer);
  });

  it('keeps the two largest blocks', () => {
    const memory = new TensorMemory();
    const blocks = [8, 2, 5].map((length) => memory.lend(length));
    for (const data of blocks) {
      memory.takeBack(blockOf(data));
    }
    expect([memory.lend(1), memory.lend(1)].map(({ buffer }) => buffer.byteLength / 4)).toEqual([5, 8]);
  });

  it('knows what it lent', () => {
    const memory = new TensorMemory();
    expect(memory.isLent(memory.lend(3))).toBe(true);
    expect(memory.isLent(new Float32Array(3))).toBe(false);
  });
});
