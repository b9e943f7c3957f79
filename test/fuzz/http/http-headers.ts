import fc from 'fast-check';
import { among } from '../campaign';

const TYPES = [
  'application/json; charset=utf-16',
  'application/json; charset=',
  'application/JSON',
  'text/json',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'multipart/form-data; boundary=',
  `multipart/form-data; boundary=${'b'.repeat(300)}`,
  'multipart/mixed; boundary=x',
  'application/grpc',
  '*/*',
  ';',
  'application/json, multipart/form-data',
  `${'a'.repeat(500)}/x`,
];

const LINES = [
  'Request-Timeout-Ms: 0',
  'Request-Timeout-Ms: -1',
  'Request-Timeout-Ms: 1e9',
  'Request-Timeout-Ms: 999999999',
  'Request-Timeout-Ms: 1\r\nRequest-Timeout-Ms: 2',
  'Authorization: Bearer x',
  'Authorization: Bearer mien_01ARZ3NDEKTSV4RRFFQ69G5FAV_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
  'Authorization: Basic Og==',
  'Authorization: \u0001',
  'Authorization:',
  `Authorization: Bearer ${'k'.repeat(8_000)}`,
  'Expect: 100-continue',
  'Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk',
  'Upgrade: websocket\r\nConnection: Upgrade',
  'traceparent: 00-ffffffffffffffffffffffffffffffff-ffffffffffffffff-ff',
  'traceparent: x\r\ntracestate: =,=,=',
  `baggage: ${'a=b,'.repeat(500)}`,
  'Host: \u00e9',
  'Host: a\r\nHost: b',
  'Content-Encoding: gzip',
  'Accept: text/html',
  'Accept-Encoding: gzip, br, zstd',
  'Range: bytes=0-',
  'If-None-Match: *',
  'Last-Event-ID: \u0000',
  'Last-Event-ID: 99999999999999999999',
  'X-Forwarded-For: 1.2.3.4, x',
  'Idempotency-Key: *',
  'Cookie: a=b',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding: identity',
  'Content-Length: 5',
  'Content-Length: -1',
  'Content-Length: 18446744073709551616',
  'no colon',
  ' folded: yes',
  ': empty',
  'X-Bad\u0000: 1',
  `X-Long: ${'z'.repeat(17_000)}`,
  `${'X-Many: 1\r\n'.repeat(900)}X-Last: 1`,
];

/** Content types that nobody meant. */
export const strangeType: fc.Arbitrary<string> = fc.constantFrom(...TYPES);

/** Header lines beside those that a request needs; mostly none. */
export const extraHeaders: fc.Arbitrary<readonly string[]> = among<readonly string[]>(
  [3, fc.constant([])],
  [2, fc.array(fc.constantFrom(...LINES), { minLength: 1, maxLength: 3 })],
);
