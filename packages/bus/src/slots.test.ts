import { Slots } from './slots';

describe('Slots', () => {
  it('gives a free place to interactive work first, and in order within a lane', async () => {
    const slots = new Slots(1);
    const leave = await slots.take('batch');
    const order: string[] = [];
    const all = (['batch', 'batch', 'interactive', 'interactive'] as const).map(async (lane, index) => {
      const release = await slots.take(lane);
      order.push(`${lane} ${index}`);
      release?.();
    });
    leave?.();
    await Promise.all(all);
    expect(order).toEqual(['interactive 2', 'interactive 3', 'batch 0', 'batch 1']);
  });

  it('counts a place once, however often it is left', async () => {
    const slots = new Slots(1);
    const leave = await slots.take('batch');
    leave?.();
    leave?.();
    await slots.take('interactive');
    const third = slots.take('interactive');
    slots.close();
    expect(await third).toBeUndefined();
  });

  it('sends away who waits when closed, and lets nobody in', async () => {
    const slots = new Slots(1);
    await slots.take('batch');
    const waiting = [slots.take('interactive'), slots.take('batch')];
    slots.close();
    expect(await Promise.all([...waiting, slots.take('interactive')])).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
