import fc from 'fast-check';
import { among } from '../campaign';
import { mutation } from '../protos/mutations';

/** A form and the content type that announces it. */
export interface Form {
  readonly type: string;
  readonly body: Buffer;
}

const BOUNDARY = 'fuzzfuzz';

/** Forms with these parts: right ones, and such with parts, boundaries and names that are not. */
export function forms(
  names: readonly string[],
  json: fc.Arbitrary<Buffer>,
  photos: readonly Buffer[],
): fc.Arbitrary<Form> {
  const name = fc.constantFrom(...names, ...names, ...names, 'x', '', '__proto__', 'request[]', 'a"b', 'é');
  const noise = fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes));
  const content = among<Buffer>([3, noise], [2, json], [1, fc.constantFrom(...photos)]);
  const head = fc.tuple(
    name,
    fc.constantFrom('; filename="a.jpg"', '; filename=""', '', "; filename*=UTF-8''%ff"),
  );
  const one = fc.tuple(head, content).map(([[field, file], bytes]) => part(field, file, bytes));
  const whole = fc.array(one, { maxLength: 6 }).map((parts) => closed(Buffer.concat(parts)));
  const many = one.map((bytes) => closed(Buffer.concat(Array(1_100).fill(bytes))));
  const body = among<Buffer>(
    [10, whole],
    [4, fc.tuple(whole, mutation).map(([bytes, change]) => change(bytes))],
    [1, many],
    [1, one],
    [1, noise],
  );
  const type = among(
    [10, fc.constant(`multipart/form-data; boundary=${BOUNDARY}`)],
    [
      1,
      fc.constantFrom(
        'multipart/form-data; boundary="fuzz"',
        'multipart/form-data',
        'multipart/form-data; boundary=-',
      ),
    ],
  );
  return fc.record({ type, body });
}

function part(name: string, file: string, content: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n`),
    content,
    Buffer.from('\r\n'),
  ]);
}

function closed(parts: Buffer): Buffer {
  return Buffer.concat([parts, Buffer.from(`--${BOUNDARY}--\r\n`)]);
}
