import { directionOf } from '../testing/faces';
import { BestRows } from './best-rows';
import { RowMemory } from './row-memory';

const DIMENSIONS = 128;
const COUNT = 5_003;

function integers(seed: number, length: number): number[] {
  return Array.from(directionOf(seed, DIMENSIONS), (value) =>
    Math.max(-length, Math.min(length, Math.round(value * length * 2))),
  );
}

const everything = { accepts: () => true };

describe.each([
  ['int8', 127],
  ['int16', 8_000],
] as const)('rows of %s', (width, length) => {
  const rows = Array.from({ length: COUNT }, (_, row) => integers(row, length));
  const query = Int16Array.from(integers(99_999, 4_000));
  const expected = rows.map((row) => row.reduce((sum, value, index) => sum + value * (query[index] ?? 0), 0));
  const ranked = [...expected.keys()].sort((a, b) => (expected[b] ?? 0) - (expected[a] ?? 0));
  const memory = new RowMemory(width, DIMENSIONS);
  memory.reserve(COUNT);
  for (const [row, values] of rows.entries()) {
    memory.set(row, values);
  }

  const best = (selection: Parameters<RowMemory['search']>[2]) => {
    const into = new BestRows(20);
    memory.search([query], [into], selection, COUNT);
    return into.best().map(({ row }) => row);
  };

  it('have the dot products that arithmetic gives', () => {
    expect([...memory.dots(query, COUNT)]).toEqual(expected);
    expect([...memory.dots(query, 1)]).toEqual(expected.slice(0, 1));
  });

  it('are kept when more room is made', () => {
    memory.reserve(100_000);
    expect([...memory.dots(query, COUNT)]).toEqual(expected);
    expect([...memory.get(17)]).toEqual(rows[17]);
  });

  it('are searched all, some or those listed', () => {
    expect(best(everything)).toEqual(ranked.slice(0, 20));
    const even = (row: number) => row % 2 === 0;
    expect(best({ accepts: even })).toEqual(ranked.filter(even).slice(0, 20));
    const listed = Int32Array.from([...ranked.keys()].filter((row) => row % 3 === 0));
    expect(best({ rows: listed, accepts: () => true })).toEqual(
      ranked.filter((row) => row % 3 === 0).slice(0, 20),
    );
    expect(best({ rows: Int32Array.of(3), accepts: () => true })).toEqual([3]);
    expect(best({ rows: new Int32Array(), accepts: () => true })).toEqual([]);
  });

  it('meet several queries at once', () => {
    const opposite = query.map((value) => -value);
    const lists = [new BestRows(5), new BestRows(5)];
    memory.search([query, opposite], lists, everything, COUNT);
    expect(lists[0]?.best().map(({ row }) => row)).toEqual(ranked.slice(0, 5));
    expect(lists[1]?.best().map(({ row }) => row)).toEqual(ranked.slice(-5).reverse());
  });
});

it('a memory that is full says so', () => {
  expect(() => new RowMemory('int16', 512).reserve(4_200_000)).toThrow(
    expect.objectContaining({ reason: 'LIMIT_REACHED' }),
  );
});
