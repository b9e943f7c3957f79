import { ReplayMemory } from './replay-memory';

const [REMEMBER, REPEAT] = [600_000, 5_000];

describe('the memory of signatures', () => {
  it('forgets a signature once its time is over, and not before', () => {
    const memory = new ReplayMemory(REMEMBER, REPEAT, -1);
    expect(memory.take('a', 'x', 0)).toBe(true);
    expect(memory.take('a', 'x', REMEMBER)).toBe(false);
    expect(memory.take('a', 'x', REMEMBER + 1)).toBe(true);
  });

  it('takes a request that was sent anew for some seconds only', () => {
    const memory = new ReplayMemory(REMEMBER, REPEAT, -1);
    memory.take('a', 'x', 0);
    expect(memory.take('a', 'y', REPEAT)).toBe(true);
    expect(memory.take('a', 'z', REPEAT + 1)).toBe(false);
  });

  it('keeps signatures apart', () => {
    const memory = new ReplayMemory(REMEMBER, REPEAT, -1);
    expect([memory.take('a', '', 0), memory.take('b', '', 0), memory.take('a', '', 0)]).toEqual([
      true,
      true,
      false,
    ]);
  });
});
