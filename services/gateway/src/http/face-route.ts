import { MienError } from '@mien/errors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Admission } from '../usecases/admission';
import { Call } from '../usecases/call';
import type { FaceUseCases } from '../usecases/face-use-cases';
import { MAX_IMAGE_BYTES } from '../usecases/limits';
import type { TimeoutLimits } from '../usecases/timeout-limits';
import type { Endpoint, PhotoParts } from './endpoints';
import { errorAnswer } from './error-answer';
import { readForm } from './multipart';
import type { Contract } from './openapi/contract';
import { requestValidationSchema, rpc } from './openapi/document';
import { canonicalJson, completeJson } from './proto-json';
import { requestTimeoutMs, TIMEOUT_HEADER } from './request-timeout';
import { inRequestSpan } from './tracing';

/** Room for everything in a request but its photos. */
export const MAX_REQUEST_PART_BYTES = 64 * 1024;

export interface FaceRouteOptions {
  readonly useCases: FaceUseCases;
  readonly admission: Admission;
  readonly timeouts: TimeoutLimits;
}

/** Answers POST on the endpoint's path: JSON or a form in, JSON out. */
export function addFaceRoute(
  app: FastifyInstance,
  endpoint: Endpoint,
  contract: Contract,
  options: FaceRouteOptions,
): void {
  const { input, output } = rpc(endpoint, contract);
  const photosOf = new WeakMap<FastifyRequest, PhotoParts>();
  app.route({
    method: 'POST',
    url: endpoint.path,
    bodyLimit: endpoint.photoFields.length * base64Length(MAX_IMAGE_BYTES) + MAX_REQUEST_PART_BYTES,
    schema: { body: requestValidationSchema(endpoint, contract) },
    // Before the body is read: what there is no room for need not arrive.
    onRequest: async () => options.admission.refuseWhenFull(),
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
  { admission, timeouts }: FaceRouteOptions,
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

function base64Length(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}
