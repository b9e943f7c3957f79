import { randomFrom } from './random';
import { Timeline } from './timeline';

test('things happen in order of time, and of being put in', () => {
  const timeline = new Timeline();
  const random = randomFrom(5);
  const happened: [number, number][] = [];
  for (let put = 0; put < 2_000; put += 1) {
    const at = Math.floor(random() * 100);
    timeline.at(at, () => happened.push([timeline.now, put]));
  }
  timeline.runUntil(99);
  expect(happened).toHaveLength(2_000);
  expect(happened).toEqual([...happened].sort(([a, first], [b, second]) => a - b || first - second));
});

test('what comes later waits', () => {
  const timeline = new Timeline();
  let happened = 0;
  timeline.in(5, () => timeline.in(5, () => (happened = timeline.now)));
  timeline.runUntil(7);
  expect([timeline.now, happened]).toEqual([7, 0]);
  timeline.runUntil(20);
  expect(happened).toBe(10);
});
