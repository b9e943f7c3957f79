import type { OutgoingHttpHeaders } from 'node:http2';
import type { DescMethod } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { among } from '../campaign';
import type { MessageBytes } from '../protos/message-bytes';

/** A call as it goes over the wire. */
export interface GrpcRequest {
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  /** What is sent after the headers, write by write. */
  readonly body: readonly Buffer[];
  /** Whether headers and frames are as gRPC wants them, whatever the message is. */
  readonly wellFramed: boolean;
}

/** Long enough for any answer, so that hanging is told from being slow. */
const TIMEOUT = '15S';

/** A message as gRPC sends it. */
export function frame(message: Buffer): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** Calls of these methods: most of them well framed, as their messages are what is tried. */
export function grpcRequests(
  methods: readonly DescMethod[],
  messages: MessageBytes,
): fc.Arbitrary<GrpcRequest> {
  return fc.constantFrom(...methods).chain((method) => {
    const path = `/${method.parent.typeName}/${method.name}`;
    const message = messages.of(method.input);
    const several = method.methodKind === 'client_streaming' ? 5 : 1;
    const sound = fc
      .array(message, { minLength: 1, maxLength: several })
      .map((all): GrpcRequest => ({ path, headers: sane(path), body: all.map(frame), wellFramed: true }));
    const broken = fc
      .tuple(headersOf(path), bodyOf(message))
      .map(([headers, body]): GrpcRequest => ({ path, headers, body, wellFramed: false }));
    return among([6, sound], [1, broken]);
  });
}

/** Headers as a client would send them. */
export function sane(path: string): OutgoingHttpHeaders {
  return {
    ':method': 'POST',
    ':path': path,
    te: 'trailers',
    'content-type': 'application/grpc',
    'grpc-timeout': TIMEOUT,
  };
}

/** The prefix of a frame lies, or there are too few or too many of them. */
function bodyOf(message: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer[]> {
  const lying = fc
    .tuple(message, fc.constantFrom(0, 1, 2, 255), fc.constantFrom(0, 1, 5, 2 ** 16, 2 ** 31, 2 ** 32 - 1))
    .map(([bytes, flag, length]) => {
      const prefix = Buffer.alloc(5);
      prefix[0] = flag;
      prefix.writeUInt32BE(length, 1);
      return [prefix, bytes];
    });
  return among<Buffer[]>(
    [3, lying],
    [1, fc.constant([])],
    [1, fc.array(message, { maxLength: 4 }).map((all) => all.map(frame))],
    [1, fc.uint8Array({ maxLength: 40 }).map((bytes) => [Buffer.from(bytes)])],
    [2, message.map((bytes) => [frame(bytes)])],
    [1, message.map((bytes) => [...frame(bytes).subarray(0, 200)].map((byte) => Buffer.from([byte])))],
  );
}

const HEADER_VALUES: Readonly<Record<string, readonly string[]>> = {
  'content-type': [
    'application/grpc+proto',
    'application/grpc+json',
    'application/json',
    'text/html',
    '',
    'x',
  ],
  'grpc-timeout': ['0n', '1n', '1u', '99999999H', '-1S', 'S', '1', '1e3S', '123456789S', 'NaN'],
  'grpc-encoding': ['gzip', 'deflate', 'identity', 'br', 'snappy', '../x'],
  'grpc-accept-encoding': ['gzip', 'x,y,z', ','],
  authorization: ['Bearer', 'Bearer x', 'Basic eDp5', 'Bearer mien_x_y', `Bearer ${'a'.repeat(4_000)}`, 'é'],
  traceparent: ['00-0-0-0', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', 'ff', '-'.repeat(200)],
  baggage: ['a=b', '='.repeat(300), 'a='.repeat(500)],
  'x-forwarded-for': ['1.2.3.4', 'x'],
  'user-agent': ['', 'y'.repeat(3_000)],
  'x-request-id': ['z'.repeat(2_000), '*'],
  'thing-bin': ['AAAA', '!!!', 'A'],
  'grpc-status': ['0'],
  'grpc-status-details-bin': ['AAAA'],
  'content-length': ['0', '3', '99999999'],
};

function headersOf(path: string): fc.Arbitrary<OutgoingHttpHeaders> {
  const pairs = Object.entries(HEADER_VALUES).flatMap(([name, values]) =>
    values.map((value) => [name, value] as const),
  );
  const paths = fc.constantFrom(
    path,
    path,
    path,
    `${path}/`,
    '/',
    '*',
    '/mien.v1.FaceService/',
    '//',
    '/%00',
  );
  const verb = fc.constantFrom('POST', 'POST', 'POST', 'GET', 'OPTIONS', 'PUT');
  return fc
    .tuple(paths, verb, fc.array(fc.constantFrom(...pairs), { maxLength: 5 }))
    .map(([where, method, extra]) => ({
      ...sane(where),
      ':method': method,
      ...Object.fromEntries(extra),
    }));
}
