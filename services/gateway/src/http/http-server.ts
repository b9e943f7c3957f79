import type { Server } from 'node:http';
import multipart from '@fastify/multipart';
import { MienError } from '@mien/errors';
import { createSecureHttpServer, type ReloadingTls } from '@mien/service';
import type { Histogram } from '@opentelemetry/api';
import fastify, {
  type FastifyBaseLogger,
  type FastifyHttpOptions,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { AUDIT_EXPORT } from '../audit/export-endpoint';
import { addAuditExportRoute } from '../audit/export-route';
import { addTencentEndpoint, type TencentOptions } from '../tencent/endpoint';
import { CallCancelled } from '../usecases/call';
import { MAX_IMAGE_BYTES } from '../usecases/limits';
import { registerApiDocs } from './api-docs';
import { answerClientError } from './client-error';
import { CLUSTERS } from './clusters/endpoint';
import { addClustersRoute } from './clusters/route';
import { CONNECTION_LIMITS, HTTP_SERVER_OPTIONS, limitConnections } from './connection-limits';
import { ENDPOINTS } from './endpoints';
import { byPath } from './endpoints/endpoint';
import { answerTo, errorAnswer } from './error-answer';
import { JOB_EVENTS } from './job-events/endpoint';
import { addJobEventsRoute } from './job-events/route';
import { Contract } from './openapi/contract';
import { openApiDocument } from './openapi/document';
import { addReceiveTimeout } from './receive-timeout';
import { addRoute, MAX_REQUEST_PART_BYTES, type RouteOptions, refuseOtherMethods } from './route';

/** What every HTTP port of the gateway needs. */
export interface PortOptions extends Pick<RouteOptions, 'timeouts'> {
  readonly logger: FastifyBaseLogger;
  /** Durations of requests. Attributes: route, code. */
  readonly duration: Histogram;
  /** Plain text without. */
  readonly tls?: ReloadingTls | undefined;
  /** Aborts when the gateway is about to go: connections then end with the next answer over them. */
  readonly leaving?: AbortSignal;
}

interface HttpOptions extends PortOptions, RouteOptions {
  readonly version: string;
  /** Answered here unless it has a port of its own or is off. */
  readonly tencent?: TencentOptions;
}

/** An id of 64 characters, each percent-encoded. */
const MAX_PATH_FIELD_LENGTH = 3 * 64;
/** Everything but an album has to arrive within it; slower clients are cut off. */
const RECEIVE_TIMEOUT_MS = 60_000;
/** A little longer than the minute that proxies keep idle connections for. */
const KEEP_ALIVE_TIMEOUT_MS = 72_000;

/** The HTTP interface, not yet listening. */
export async function buildHttpServer(options: HttpOptions): Promise<FastifyInstance> {
  const app = bareServer(options);
  app.removeContentTypeParser('text/plain');
  await app.register(multipart, {
    limits: { fields: 1, fileSize: MAX_IMAGE_BYTES, fieldSize: MAX_REQUEST_PART_BYTES },
  });
  const contract = Contract.load();
  addClustersRoute(app, contract, options);
  refuseOtherMethods(app, CLUSTERS.path, [CLUSTERS.method]);
  addJobEventsRoute(app, contract, options);
  refuseOtherMethods(app, JOB_EVENTS.path, [JOB_EVENTS.method]);
  addAuditExportRoute(app, contract, options);
  refuseOtherMethods(app, AUDIT_EXPORT.path, [AUDIT_EXPORT.method]);
  for (const endpoint of ENDPOINTS) {
    addRoute(app, endpoint, contract, options);
  }
  for (const [path, endpoints] of byPath(ENDPOINTS)) {
    refuseOtherMethods(
      app,
      path,
      endpoints.map((endpoint) => endpoint.method),
    );
  }
  await registerApiDocs(app, openApiDocument(contract, options.version, options.timeouts));
  if (options.tencent?.port === 'same') {
    await addTencentEndpoint(app, options.tencent);
  }
  return app;
}

/** The same port with nothing but the Tencent endpoint. */
export async function buildTencentServer(
  options: PortOptions,
  tencent: TencentOptions,
): Promise<FastifyInstance> {
  const app = bareServer(options);
  await addTencentEndpoint(app, tencent);
  return app;
}

/** An HTTP port of the gateway, without routes and not yet listening. */
function bareServer(options: PortOptions): FastifyInstance {
  const app = fastify({
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true }),
    // The longest that albums take, which arrive as fast as they are worked on.
    ...listener(options.tls, Math.max(RECEIVE_TIMEOUT_MS, options.timeouts.maximumMs)),
    routerOptions: { maxParamLength: MAX_PATH_FIELD_LENGTH },
    clientErrorHandler: answerClientError,
    // What comes over an open connection while we go is answered, not turned away.
    return503OnClosing: false,
    // Paths that can't be read or are too long, which no other handler sees.
    frameworkErrors: (error, request, reply) => {
      sendError(error, request as FastifyRequest, reply as FastifyReply);
    },
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false } },
  });
  const longestMs = Math.max(RECEIVE_TIMEOUT_MS, options.timeouts.maximumMs);
  limitConnections(app, { ...CONNECTION_LIMITS, idleMs: longestMs + KEEP_ALIVE_TIMEOUT_MS });
  app.setErrorHandler((thrown, request, reply) => sendError(thrown, request, reply));
  app.setNotFoundHandler((request, reply) => {
    const error = new MienError('NOT_FOUND', `there is no ${request.method} ${request.url.split('?')[0]}`);
    return reply.code(404).send(errorAnswer(error));
  });
  app.addHook('onSend', async (_, reply) => {
    reply.headers({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
    if (options.leaving?.aborted === true) {
      reply.header('connection', 'close');
    }
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    options.duration.record(reply.elapsedTime / 1_000, { route, status: reply.statusCode });
  });
  addReceiveTimeout(app, RECEIVE_TIMEOUT_MS, CLUSTERS.path);
  return app;
}

/** HTTPS in place of HTTP with the same limits: Fastify's own server can't change its certificates. */
function listener(tls: ReloadingTls | undefined, requestTimeout: number): FastifyHttpOptions<Server> {
  const limits = HTTP_SERVER_OPTIONS;
  const times = { requestTimeout, keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS };
  return tls === undefined
    ? { http: limits, ...times }
    : { serverFactory: (handle) => createSecureHttpServer(tls, { ...limits, ...times }, handle) };
}

function sendError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (thrown instanceof CallCancelled) {
    return reply.hijack();
  }
  const { answer, fault, retryAfterSeconds } = answerTo(thrown);
  if (fault !== undefined) {
    request.log.error({ err: fault.cause ?? fault, reason: fault.reason }, 'request failed');
  }
  if (retryAfterSeconds !== undefined) {
    reply.header('retry-after', Math.ceil(retryAfterSeconds));
  }
  if (answer.error.code === 401) {
    // https://www.rfc-editor.org/rfc/rfc6750#section-3
    reply.header('www-authenticate', 'Bearer');
  }
  return reply.code(answer.error.code).send(answer);
}
