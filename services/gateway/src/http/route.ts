import { MienError } from '@mien/errors';
import type { OpenStreams } from '@mien/service';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Admission } from '../usecases/admission';
import { Call } from '../usecases/call';
import { MAX_IMAGE_BYTES, MAX_PHOTOS_BYTES } from '../usecases/limits';
import { checkBounds } from '../usecases/request-bounds';
import { MAX_STREAM_MS, type TimeoutLimits } from '../usecases/timeout-limits';
import type { ServedUseCases } from '../usecases/use-cases';
import type { Endpoint, PhotoParts } from './endpoints/endpoint';
import type { Entrance } from './entrance';
import { errorAnswer, fromValidation } from './error-answer';
import { readForm } from './multipart';
import type { Contract } from './openapi/contract';
import { requestValidationSchema, rpc } from './openapi/document';
import type { JsonSchema } from './openapi/json-schema';
import { canonicalJson, completeJson } from './proto-json';
import { requestOfQuery, withPathFields } from './request-json';
import { requestTimeoutMs, TIMEOUT_HEADER } from './request-timeout';
import { inRequestSpan } from './tracing';

/** Room for everything in a request but its photos. */
export const MAX_REQUEST_PART_BYTES = 64 * 1024;

export interface RouteOptions {
  readonly useCases: ServedUseCases;
  readonly entrance: Entrance;
  readonly admission: Admission;
  readonly openStreams: OpenStreams;
  readonly timeouts: TimeoutLimits;
}

interface ReadRequest {
  /** In the one spelling that the schema describes, and checked against it. */
  readonly json: unknown;
  readonly photos: PhotoParts;
}

/** Answers the endpoint's method on its path: JSON, a form or a query in, JSON out. */
export function addRoute(
  app: FastifyInstance,
  endpoint: Endpoint,
  contract: Contract,
  options: RouteOptions,
): void {
  const { input, output } = rpc(endpoint, contract);
  const schema = requestValidationSchema(endpoint, contract);
  const requests = new WeakMap<FastifyRequest, ReadRequest>();
  app.route({
    method: endpoint.method,
    url: endpoint.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    bodyLimit: bodyLimit(endpoint),
    // Before the body is read: what nobody may send, and what there is no room for, need not arrive.
    onRequest: async (request) => options.entrance.enter(request, endpoint),
    preValidation: async (request) => {
      const { json, photos } = await read(request, endpoint);
      const params = request.params as Readonly<Record<string, string>>;
      const whole = withPathFields(canonicalJson(queried(json, endpoint), input), params);
      validate(request, schema, whole);
      checkBounds(whole, input);
      if (!endpoint.mixesPhotos) {
        refuseTwoSources(whole, photos);
      }
      requests.set(request, { json: whole, photos });
    },
    handler: async (request, reply) => {
      const { json, photos } = requests.get(request) ?? { json: {}, photos: new Map() };
      const answer = await inRequestSpan(endpoint, request.headers, () =>
        answerWithin(request, reply, options, (call) =>
          endpoint.answer(json, photos, options.useCases, call),
        ),
      );
      return reply.send(completeJson(answer, output));
    },
  });

  function queried(json: unknown, { method }: Endpoint): unknown {
    return method === 'GET' || method === 'DELETE'
      ? requestOfQuery(json as Record<string, unknown>, input)
      : json;
  }
}

/** Refuses every method that a path does not have. */
export function refuseOtherMethods(app: FastifyInstance, path: string, allowed: readonly string[]): void {
  const others = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((method) => !allowed.includes(method));
  const allow = allowed.join(', ');
  app.route({
    method: others,
    url: path.replaceAll(/\{(\w+)\}/g, ':$1'),
    handler: (request, reply) => {
      const message = `${request.method} is not a method of this path: it has ${allow}`;
      return reply
        .code(405)
        .header('allow', allow)
        .send(errorAnswer(new MienError('ARGUMENT_INVALID', message), 405));
    },
  });
}

async function read(request: FastifyRequest, endpoint: Endpoint): Promise<ReadRequest> {
  const { method, photos, requestBytes = MAX_REQUEST_PART_BYTES } = endpoint;
  if (method === 'GET' || method === 'DELETE') {
    return { json: request.query, photos: new Map() };
  }
  if (request.isMultipart()) {
    return await readForm(request, photos, requestBytes);
  }
  return { json: request.body ?? {}, photos: new Map() };
}

/** Throws ARGUMENT_INVALID for JSON that does not fit the schema. */
export function validate(request: FastifyRequest, schema: JsonSchema, json: unknown): void {
  const check = request.compileValidationSchema(schema);
  if (!check(json)) {
    throw fromValidation(check.errors ?? []);
  }
}

/** Runs the work within the request's time and room; it is given up when the client goes. */
export async function answerWithin<T>(
  request: FastifyRequest,
  reply: FastifyReply,
  { entrance, admission, timeouts }: RouteOptions,
  work: (call: Call) => Promise<T>,
): Promise<T> {
  const timeoutMs = requestTimeoutMs(request.headers[TIMEOUT_HEADER.toLowerCase()], timeouts);
  return await admission.admit(async () => {
    // The time that the body took to arrive counts: the client's clock ran meanwhile.
    const call = new Call(Math.max(0, timeoutMs - reply.elapsedTime), entrance.originOf(request));
    const onClose = () => call.cancel();
    reply.raw.once('close', onClose);
    try {
      return await work(call);
    } finally {
      reply.raw.removeListener('close', onClose);
      call.close();
    }
  });
}

/** Answers with many messages, if there is room for another stream, until the client goes. */
export async function* streamWithin<Message>(
  request: FastifyRequest,
  reply: FastifyReply,
  { entrance, openStreams }: Pick<RouteOptions, 'entrance' | 'openStreams'>,
  answer: (call: Call) => AsyncIterable<Message>,
): AsyncGenerator<Message, void, void> {
  const call = new Call(MAX_STREAM_MS, entrance.originOf(request));
  const onClose = () => call.cancel();
  reply.raw.once('close', onClose);
  try {
    yield* openStreams.hold(call.origin.principal.keyId, answer(call), call.signal);
  } finally {
    reply.raw.removeListener('close', onClose);
    call.close();
  }
}

function refuseTwoSources(json: unknown, photos: PhotoParts): void {
  for (const field of photos.keys()) {
    const jsonName = field.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
    if (typeof json === 'object' && json !== null && jsonName in json) {
      throw new MienError('ARGUMENT_INVALID', `${field} is given as a part and in the request`, {
        metadata: { field },
      });
    }
  }
}

function bodyLimit({ photos, requestBytes = MAX_REQUEST_PART_BYTES }: Endpoint): number {
  const count = Object.values(photos).reduce((sum, maximum) => sum + maximum, 0);
  return base64Length(Math.min(count * MAX_IMAGE_BYTES, MAX_PHOTOS_BYTES)) + requestBytes;
}

function base64Length(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}
