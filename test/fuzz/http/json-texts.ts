import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { among } from '../campaign';
import { mutation } from '../protos/mutations';
import { textFor } from '../protos/text-values';

const DEEP = 5_000;
/** JSON that is hard on its readers, or means something to JavaScript. */
const NASTY = [
  '',
  'null',
  '[]',
  '"x"',
  '1e999',
  '{"__proto__":{"image":{"url":"x"}}}',
  '{"constructor":{"prototype":{"x":1}}}',
  '{"image":{"url":"http://127.0.0.1/"},"image":{"content":"AAAA"}}',
  '\ufeff{}',
  '{"a":1}}',
  `${'['.repeat(DEEP)}${']'.repeat(DEEP)}`,
  `${'{"image":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`,
  `{"groupIds":[${'"a",'.repeat(3_000)}"a"]}`,
  `{"name":"${'\\u0000'.repeat(2_000)}"}`,
  '{"groupIds":{"length":1e9}}',
];

const anything = fc.json({ maxDepth: 2 }).map((text): unknown => JSON.parse(text));

/** Bodies for a message in proto3's JSON form: right ones, wrong ones, and such as are no JSON. */
export function jsonTexts(message: DescMessage): fc.Arbitrary<Buffer> {
  const whole = objectOf(message).map((value) => Buffer.from(JSON.stringify(value)));
  return among<Buffer>(
    [12, whole],
    [3, fc.tuple(whole, mutation).map(([bytes, change]) => change(bytes))],
    [2, fc.constantFrom(...NASTY).map((text) => Buffer.from(text))],
    [1, fc.json({ maxDepth: 3 }).map((text) => Buffer.from(text))],
  );
}

function objectOf(message: DescMessage): fc.Arbitrary<Record<string, unknown>> {
  if (message.fields.length === 0) {
    return fc.constant({});
  }
  const entry = fc
    .constantFrom(...message.fields)
    .chain((field) => fc.tuple(nameOf(field), valueOfField(field)));
  return fc
    .array(entry, { maxLength: message.fields.length, size: 'max' })
    .map((entries) => Object.fromEntries(entries));
}

function nameOf(field: DescField): fc.Arbitrary<string> {
  return among(
    [12, fc.constant(field.jsonName)],
    [2, fc.constant(field.name)],
    [1, fc.constantFrom('x', '__proto__', 'constructor', field.jsonName.toUpperCase(), '', 'a.b', '$case')],
  );
}

function valueOfField(field: DescField): fc.Arbitrary<unknown> {
  const single = singleOf(field);
  const right = field.fieldKind === 'list' ? fc.array(single, { maxLength: 4 }) : single;
  return among<unknown>([12, right], [2, anything], [1, single]);
}

function singleOf(field: DescField): fc.Arbitrary<unknown> {
  if (field.message !== undefined) {
    return field.message.typeName === 'google.protobuf.Timestamp'
      ? fc.constantFrom(
          '2026-01-31T12:00:00Z',
          '9999-99-99T99:99:99Z',
          'now',
          '+275760-09-13T00:00:00.001Z',
          0,
        )
      : objectOf(field.message);
  }
  if (field.enum !== undefined) {
    return fc.constantFrom(...field.enum.values.map(({ name }) => name), 1, 99, -1, 'NONE', 1.5);
  }
  switch (field.fieldKind === 'map' ? undefined : field.scalar) {
    case ScalarType.STRING:
      return textFor(field);
    case ScalarType.BYTES:
      return fc.constantFrom('AAAA', '/9j/4AAQ', 'iVBORw0KGgo=', '=', 'A', '💥', 'Qk0=', '');
    case ScalarType.BOOL:
      return fc.constantFrom(true, false, 'true', 0);
    default:
      return fc.constantFrom(
        0,
        1,
        20,
        0.5,
        -1,
        1e308,
        '1',
        ' 1',
        '0x10',
        'NaN',
        'Infinity',
        4294967296,
        '1e3',
      );
  }
}
