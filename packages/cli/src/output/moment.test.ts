import { durationText, momentText } from './moment';

test('spans of time for people', () => {
  expect([0, 7.6, 59.6, 200, 3599.6, 7_530].map(durationText)).toEqual([
    '0 s',
    '8 s',
    '1 min 0 s',
    '3 min 20 s',
    '1 h 0 min',
    '2 h 5 min',
  ]);
});

test('moments to the second', () => {
  expect(momentText(new Date(Date.UTC(2026, 2, 1, 12, 0, 5, 678)))).toBe('2026-03-01T12:00:05Z');
  expect(momentText(undefined)).toBe('');
});
