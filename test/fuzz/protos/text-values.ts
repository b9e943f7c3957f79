import type { DescField } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { among } from '../campaign';

/** Few, so that later requests meet what earlier ones made. */
const IDS = ['fuzz-a', 'fuzz-b', 'fuzz-c', 'a', '%41', '-'];
const URLS = [
  'http://127.0.0.1/x.jpg',
  'http://[::1]/',
  'http://2130706433/',
  'http://0x7f.1/',
  'file:///etc/passwd',
  'http://user:pass@localhost:1/',
  'https://[::ffff:10.0.0.1]/',
  'http://nowhere.invalid/a.png',
  'ftp://x',
  '//',
];

const strange = fc.constantFrom(
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\u202e',
  '..',
  '../../etc/passwd',
  '*',
  '>',
  'a.b.>',
  "'; DROP TABLE persons; --",
  '%00',
  ['$', '{x}'].join(''),
  '{{x}}',
  '__proto__',
  'constructor',
  'null',
  'NaN',
  '1e999',
  '\r\nx-y: z',
  '🙂'.repeat(17),
  'é'.repeat(64),
);

const long = fc
  .tuple(fc.constantFrom('a', 'é', '🙂', '\u0000', '%'), fc.constantFrom(65, 257, 1_025, 2_049, 70_000))
  .map(([letter, count]) => letter.repeat(count));

const cursor = fc
  .tuple(fc.constantFrom('groups', 'persons fuzz-a', 'checks', 'jobs', 'x'), fc.integer())
  .map(([list, position]) => Buffer.from(`${list} ${position}`).toString('base64url'));

/** Texts for a string field: mostly such as it is meant for, by its name. */
export function textFor(field: DescField): fc.Arbitrary<string> {
  return among(
    [10, meantFor(field.name)],
    [3, strange],
    [2, fc.string({ maxLength: 80 })],
    [1, fc.string({ unit: 'binary', maxLength: 40 })],
    [1, long],
  );
}

function meantFor(name: string): fc.Arbitrary<string> {
  if (name === 'url') {
    return fc.constantFrom(...URLS);
  }
  if (name === 'cursor') {
    return cursor;
  }
  if (/face_ids?$/.test(name)) {
    return fc.uuid();
  }
  if (/(^|_)ids?$/.test(name)) {
    return among(
      [6, fc.constantFrom(...IDS)],
      [1, fc.uuid()],
      [1, fc.constant('01ARZ3NDEKTSV4RRFFQ69G5FAV')],
    );
  }
  return fc.constantFrom('Ada', 'Bob', 'mien.v1.FaceService/Detect', '2026-01-31T12:00:00Z', 'x'.repeat(60));
}
