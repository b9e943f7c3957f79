import { future, past } from './moments';

describe('moments', () => {
  it('are dates, or so long ago or ahead', () => {
    expect(past('2026-03-01T12:00:00Z')).toEqual(new Date(Date.UTC(2026, 2, 1, 12)));
    expect(past('2026-03-01')).toEqual(new Date(Date.UTC(2026, 2, 1)));
    const before = Date.now();
    expect(past('90m').getTime() - before + 90 * 60_000).toBeLessThan(5_000);
    expect(future('30d').getTime() - before - 30 * 86_400_000).toBeLessThan(5_000);
    expect(future('30d').getTime()).toBeGreaterThan(before);
  });

  it.each(['', '3', 'yesterday', '2w', '-1h', '2026-13-01'])('are not %p', (text) => {
    expect(() => past(text)).toThrow('is needed');
  });
});
