import { BestRows } from './best-rows';

/** Scores in no order, with repeats: multiples of a number prime to their count. */
function scores(count: number): number[] {
  return Array.from({ length: count }, (_, row) => ((row * 7_919) % count) * 3 - count);
}

describe('the best rows', () => {
  it.each([1, 10, 700])('are those with the %d highest scores, highest first', (wanted) => {
    const all = scores(20_000);
    const best = new BestRows(wanted);
    for (const [row, score] of all.entries()) {
      best.add(row, score);
    }
    const expected = all.map((score, row) => ({ row, score })).sort((a, b) => b.score - a.score);
    expect(best.best()).toEqual(expected.slice(0, wanted));
    expect([...best.rows()].sort()).toEqual(
      expected
        .slice(0, wanted)
        .map(({ row }) => row)
        .sort(),
    );
    expect(best.threshold).toBeGreaterThan(expected[wanted]?.score ?? 0);
  });

  it('are all of them while there are fewer than wanted', () => {
    const best = new BestRows(10);
    best.add(4, -2_000_000_000);
    best.add(4_194_303, 2_000_000_000);
    expect(best.best()).toEqual([
      { row: 4_194_303, score: 2_000_000_000 },
      { row: 4, score: -2_000_000_000 },
    ]);
  });

  it('are some of those of equal score', () => {
    const best = new BestRows(5);
    for (let row = 0; row < 5_000; row += 1) {
      best.add(row, 7);
    }
    expect(new Set(best.rows()).size).toBe(5);
    expect(best.best().map(({ score }) => score)).toEqual([7, 7, 7, 7, 7]);
  });
});
