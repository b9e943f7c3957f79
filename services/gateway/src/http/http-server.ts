import multipart from '@fastify/multipart';
import { MienError } from '@mien/errors';
import type { Histogram } from '@opentelemetry/api';
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import type { Admission } from '../usecases/admission';
import { Call, CallCancelled } from '../usecases/call';
import type { FaceUseCases } from '../usecases/face-use-cases';
import { MAX_IMAGE_BYTES } from '../usecases/limits';
import type { TimeoutLimits } from '../usecases/timeout-limits';
import { registerApiDocs } from './api-docs';
import { ENDPOINTS, type Endpoint, type PhotoParts } from './endpoints';
import { answerTo, errorAnswer } from './error-answer';
import { readForm } from './multipart';
import { Contract } from './openapi/contract';
import { openApiDocument, requestValidationSchema, rpc } from './openapi/document';
import { canonicalJson, completeJson } from './proto-json';
import { requestTimeoutMs, TIMEOUT_HEADER } from './request-timeout';
import { inRequestSpan } from './tracing';

interface HttpOptions {
  readonly useCases: FaceUseCases;
  readonly admission: Admission;
  readonly timeouts: TimeoutLimits;
  readonly logger: FastifyBaseLogger;
  readonly version: string;
  /** Durations of requests. Attributes: route, code. */
  readonly duration: Histogram;
}

const KIBIBYTE = 1024;
/** Room for everything in a request but its photos. */
const MAX_REQUEST_PART_BYTES = 64 * KIBIBYTE;
const MAX_HEADER_BYTES = 16 * KIBIBYTE;
/** A body of this size has to arrive within it; slower clients are cut off. */
const RECEIVE_TIMEOUT_MS = 60_000;

/** The HTTP interface, not yet listening. */
export async function buildHttpServer(options: HttpOptions): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true }),
    http: { maxHeaderSize: MAX_HEADER_BYTES },
    requestTimeout: RECEIVE_TIMEOUT_MS,
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false } },
  });
  app.removeContentTypeParser('text/plain');
  await app.register(multipart, {
    limits: { files: 3, fields: 1, parts: 4, fileSize: MAX_IMAGE_BYTES, fieldSize: MAX_REQUEST_PART_BYTES },
  });
  app.setErrorHandler((thrown, request, reply) => sendError(thrown, request, reply));
  app.setNotFoundHandler((request, reply) => {
    const error = new MienError('NOT_FOUND', `there is no ${request.method} ${request.url.split('?')[0]}`);
    return reply.code(404).send(errorAnswer(error));
  });
  app.addHook('onSend', async (_, reply) => {
    reply.headers({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    options.duration.record(reply.elapsedTime / 1_000, { route, code: reply.statusCode });
  });
  const contract = Contract.load();
  for (const endpoint of ENDPOINTS) {
    addRoute(app, endpoint, contract, options);
  }
  await registerApiDocs(app, openApiDocument(contract, options.version, options.timeouts));
  return app;
}

function addRoute(app: FastifyInstance, endpoint: Endpoint, contract: Contract, options: HttpOptions): void {
  const { input, output } = rpc(endpoint, contract);
  const photosOf = new WeakMap<FastifyRequest, PhotoParts>();
  app.route({
    method: 'POST',
    url: endpoint.path,
    bodyLimit: endpoint.photoFields.length * base64Length(MAX_IMAGE_BYTES) + MAX_REQUEST_PART_BYTES,
    schema: { body: requestValidationSchema(endpoint, contract) },
    preValidation: async (request) => {
      if (request.isMultipart()) {
        const form = await readForm(request, endpoint.photoFields);
        photosOf.set(request, form.photos);
        request.body = form.json;
      }
      request.body = canonicalJson(request.body, input);
    },
    handler: async (request, reply) => {
      const photos = photosOf.get(request) ?? new Map<string, Buffer>();
      refuseTwoSources(request.body, photos, endpoint);
      const answer = await inRequestSpan(endpoint.path, request.headers, () =>
        answerWithin(request, reply, options, (call) =>
          endpoint.answer(request.body, photos, options.useCases, call),
        ),
      );
      return reply.send(completeJson(answer, output));
    },
  });
  app.route({ method: ['GET', 'PUT', 'DELETE', 'PATCH'], url: endpoint.path, handler: refuseMethod });
}

function refuseMethod(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = new MienError('ARGUMENT_INVALID', `${request.method} is not a method of this path: POST is`);
  return reply.code(405).header('allow', 'POST').send(errorAnswer(error, 405));
}

/** Runs the work within the request's time and room; it is given up when the client goes. */
async function answerWithin<T>(
  request: FastifyRequest,
  reply: FastifyReply,
  { admission, timeouts }: HttpOptions,
  work: (call: Call) => Promise<T>,
): Promise<T> {
  const timeoutMs = requestTimeoutMs(request.headers[TIMEOUT_HEADER.toLowerCase()], timeouts);
  return await admission.admit(async () => {
    // The time that the body took to arrive counts: the client's clock ran meanwhile.
    const call = new Call(Math.max(0, timeoutMs - reply.elapsedTime));
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

function refuseTwoSources(body: unknown, photos: PhotoParts, endpoint: Endpoint): void {
  for (const field of endpoint.photoFields) {
    const jsonName = field.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
    if (photos.has(field) && typeof body === 'object' && body !== null && jsonName in body) {
      throw new MienError('ARGUMENT_INVALID', `${field} is given as a part and in the request`, {
        metadata: { field },
      });
    }
  }
}

function sendError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (thrown instanceof CallCancelled) {
    return reply.hijack();
  }
  const { answer, fault } = answerTo(thrown);
  if (fault !== undefined) {
    request.log.error({ err: fault.cause ?? fault, reason: fault.reason }, 'request failed');
  }
  return reply.code(answer.error.code).send(answer);
}

function base64Length(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}
