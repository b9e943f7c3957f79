import { Turns } from './turns';

/** A promise and what ends it. */
function gate() {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, passed };
}

describe('turns', () => {
  it('come one after the other for one key, in the order of asking', async () => {
    const turns = new Turns();
    const events: string[] = [];
    const { open, passed } = gate();
    const first = turns.take('a', async () => {
      events.push('first begins');
      await passed;
      events.push('first ends');
    });
    const second = turns.take('a', async () => events.push('second'));
    const third = turns.take('a', async () => events.push('third'));
    await turns.take('b', async () => events.push('another key'));
    open();
    await Promise.all([first, second, third]);
    expect(events).toEqual(['first begins', 'another key', 'first ends', 'second', 'third']);
  });

  it('go on after work that failed', async () => {
    const turns = new Turns();
    const failed = turns.take('a', () => Promise.reject(new Error('broken')));
    const next = turns.take('a', async () => 'done');
    await expect(failed).rejects.toThrow('broken');
    expect(await next).toBe('done');
    expect(await turns.take('a', async () => 'again')).toBe('again');
  });
});
