import fc from 'fast-check';
import { among } from '../campaign';
import { mutation } from '../protos/mutations';
import { textFor } from '../protos/text-values';
import { forms } from './forms';
import { extraHeaders, strangeType } from './http-headers';
import { jsonTexts } from './json-texts';
import type { HttpRoute } from './routes';

/** Bytes for an HTTP port. */
export interface HttpRequest {
  readonly bytes: Buffer;
  /** One request in HTTP's own terms, with the length that it says: it must have an answer. */
  readonly whole: boolean;
}

const TIMEOUT = 'Request-Timeout-Ms: 15000';

/** Requests to these routes; those that are no HTTP are few, as little is behind their reader. */
export function httpRequests(
  routes: readonly HttpRoute[],
  photos: readonly Buffer[],
): fc.Arbitrary<HttpRequest> {
  const right = fc.constantFrom(...routes).chain((route) =>
    fc
      .tuple(targetOf(route), bodyOf(route, photos), fc.boolean())
      .map(([target, { type, body }, timed]): HttpRequest => {
        const lines = [`${route.method} ${target} HTTP/1.1`, 'Host: fuzz', 'Connection: close'];
        const about = [...(timed ? [TIMEOUT] : []), ...(type === '' ? [] : [`Content-Type: ${type}`])];
        return { bytes: message([...lines, ...about, `Content-Length: ${body.length}`], body), whole: true };
      }),
  );
  const odd = fc.constantFrom(...routes).chain((route) =>
    fc
      .tuple(verb(route), targetOf(route), bodyOf(route, photos), strangeType, extraHeaders, fc.nat(3))
      .map(([method, target, { type, body }, strange, extra, odds]): HttpRequest => {
        const lines = [`${method} ${target} HTTP/1.1`, 'Host: fuzz', 'Connection: close', TIMEOUT];
        const about = [`Content-Type: ${odds === 0 ? strange : type}`, ...extra];
        return { bytes: message([...lines, ...about, `Content-Length: ${body.length}`], body), whole: false };
      }),
  );
  const broken = fc
    .tuple(right, mutation)
    .map(([{ bytes }, change]): HttpRequest => ({ bytes: change(bytes), whole: false }));
  return among([12, right], [2, odd], [1, broken]);
}

function message(lines: readonly string[], body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}

function verb({ method }: HttpRoute): fc.Arbitrary<string> {
  return fc.constantFrom(
    method,
    method,
    'GET',
    'HEAD',
    'OPTIONS',
    'PUT',
    'TRACE',
    'CONNECT',
    'PROPFIND',
    'BREW',
  );
}

/** The path with its fields filled in, and a query. */
function targetOf({ path, method, input }: HttpRoute): fc.Arbitrary<string> {
  const field = input?.fields.find(({ name }) => name === 'id');
  const id = field === undefined ? fc.constantFrom('fuzz-a', 'fuzz-b') : textFor(field);
  const filled = fc
    .tuple(fc.array(id, { minLength: 2, maxLength: 2 }), fc.nat(20))
    .map(([ids, odd]) => path.replace(/\{\w+\}/g, () => (odd === 0 ? '%ZZ' : escaped(ids.pop() ?? 'x'))));
  return fc
    .tuple(filled, queryOf(input), fc.nat(30))
    .map(([where, query, odd]) =>
      [
        odd === 1 ? where.replace('/v1/', '//v1/../v1/') : where,
        method === 'GET' || odd === 0 ? query : '',
      ].join(''),
    );
}

function queryOf(input: HttpRoute['input']): fc.Arbitrary<string> {
  const fields = (input?.fields ?? []).flatMap((field) => field.message?.fields ?? [field]);
  const names = [
    ...fields.map(({ jsonName }) => jsonName),
    ...fields.map(({ name }) => name),
    'x',
    '__proto__',
    'size',
  ];
  const [text] = fields.filter(({ fieldKind }) => fieldKind === 'scalar');
  const value = among(
    [
      3,
      fc.constantFrom(
        '1',
        '0',
        '-1',
        '1001',
        '4294967296',
        'x',
        '',
        'true',
        'JOB_STATE_DONE',
        '2026-01-31T12:00:00Z',
      ),
    ],
    [1, text === undefined ? fc.string({ maxLength: 20 }) : textFor(text)],
  );
  return fc
    .array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 4 })
    .map((pairs) =>
      pairs.length === 0 ? '' : `?${pairs.map(([name, text]) => `${name}=${escaped(text)}`).join('&')}`,
    );
}

/** As a client would write it, cut to what a line of HTTP can hold. */
function escaped(text: string): string {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd')).slice(0, 6_000);
}

function bodyOf(
  { method, input, parts }: HttpRoute,
  photos: readonly Buffer[],
): fc.Arbitrary<{ type: string; body: Buffer }> {
  if (method === 'GET' || method === 'DELETE') {
    return fc.constant({ type: '', body: Buffer.alloc(0) });
  }
  const json = input === undefined ? fc.json().map((text) => Buffer.from(text)) : jsonTexts(input);
  const asJson = json.map((body) => ({ type: 'application/json', body }));
  return parts.length === 0 ? asJson : among([2, asJson], [1, forms(parts, json, photos)]);
}
