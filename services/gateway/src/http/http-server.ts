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
import { CallCancelled } from '../usecases/call';
import { MAX_IMAGE_BYTES } from '../usecases/limits';
import { registerApiDocs } from './api-docs';
import { answerClientError } from './client-error';
import { ENDPOINTS } from './endpoints';
import { answerTo, errorAnswer } from './error-answer';
import { addFaceRoute, type FaceRouteOptions, MAX_REQUEST_PART_BYTES } from './face-route';
import { Contract } from './openapi/contract';
import { openApiDocument } from './openapi/document';

interface HttpOptions extends FaceRouteOptions {
  readonly logger: FastifyBaseLogger;
  readonly version: string;
  /** Durations of requests. Attributes: route, code. */
  readonly duration: Histogram;
}

const MAX_HEADER_BYTES = 16 * 1024;
/** A body of this size has to arrive within it; slower clients are cut off. */
const RECEIVE_TIMEOUT_MS = 60_000;

/** The HTTP interface, not yet listening. */
export async function buildHttpServer(options: HttpOptions): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true }),
    http: { maxHeaderSize: MAX_HEADER_BYTES },
    requestTimeout: RECEIVE_TIMEOUT_MS,
    clientErrorHandler: answerClientError,
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
    addFaceRoute(app, endpoint, contract, options);
  }
  await registerApiDocs(app, openApiDocument(contract, options.version, options.timeouts));
  return app;
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
