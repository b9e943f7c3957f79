import { setImmediate } from 'node:timers/promises';
import { SharedPass } from './shared-pass';

/** A pass that goes on when it is told to. */
function heldPass() {
  const begun: { end: () => void; fail: (error: Error) => void }[] = [];
  const shared = new SharedPass(() => new Promise((end, fail) => void begun.push({ end, fail })));
  return { shared, begun };
}

describe('a shared pass', () => {
  it('is done once for all who come while another is under way', async () => {
    const { shared, begun } = heldPass();
    const first = shared.run();
    const later = [shared.run(), shared.run(), shared.run()];
    expect(begun).toHaveLength(1);
    begun[0]?.end();
    await first;
    await setImmediate();
    expect(begun).toHaveLength(2);
    begun[1]?.end();
    await Promise.all(later);
    expect(begun).toHaveLength(2);
  });

  it('never satisfies who came after it began', async () => {
    const { shared, begun } = heldPass();
    const first = shared.run();
    let satisfied = false;
    const second = shared.run().then(() => {
      satisfied = true;
    });
    begun[0]?.end();
    await first;
    await setImmediate();
    expect(satisfied).toBe(false);
    begun[1]?.end();
    await second;
  });

  it('fails those who wait for it, and is done again for those after', async () => {
    const { shared, begun } = heldPass();
    const first = shared.run();
    const second = shared.run();
    begun[0]?.fail(new Error('no'));
    await expect(first).rejects.toThrow('no');
    await setImmediate();
    begun[1]?.end();
    await second;
    const third = shared.run();
    begun[2]?.end();
    await third;
  });

  it('is idle when nothing is under way or waited for', async () => {
    const { shared, begun } = heldPass();
    await shared.idle();
    const runs = [shared.run(), shared.run()];
    let idle = false;
    const waiting = shared.idle().then(() => {
      idle = true;
    });
    begun[0]?.end();
    await runs[0];
    await setImmediate();
    expect(idle).toBe(false);
    begun[1]?.end();
    await Promise.all([...runs, waiting]);
  });
});
