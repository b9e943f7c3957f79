import { Readable } from 'node:stream';
import { WatchJobResponse } from '@mien/proto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Contract } from '../openapi/contract';
import { rpc } from '../openapi/document';
import { completeJson } from '../proto-json';
import { type RouteOptions, streamWithin } from '../route';
import { inRequestSpan } from '../tracing';
import { JOB_EVENTS } from './endpoint';
import { eventStream, told } from './event-stream';

/** Answers WatchJob on its path, as Server-Sent Events. A reader that has the last state already is told to stop: 204. */
export function addJobEventsRoute(app: FastifyInstance, contract: Contract, options: RouteOptions): void {
  const { output } = rpc(JOB_EVENTS, contract);
  app.route({
    method: JOB_EVENTS.method,
    url: JOB_EVENTS.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    onRequest: async (request) => options.entrance.enter(request, JOB_EVENTS),
    handler: async (request, reply) => {
      const { id = '' } = request.params as { readonly id?: string };
      const states = streamWithin(request, reply, options, async function* (call) {
        for await (const message of options.useCases.jobs.watchJob({ id }, call)) {
          yield told(completeJson(WatchJobResponse.toJSON(message), output));
        }
      });
      // Before the answer begins: what is wrong with the request is an answer of its own.
      const first = await inRequestSpan(JOB_EVENTS, request.headers, () => states.next());
      const known = lastEventId(request);
      if (first.done !== true && first.value.id === known && hasEnded(first.value.data)) {
        await states.return();
        return reply.code(204).send();
      }
      return reply
        .type('text/event-stream; charset=utf-8')
        .header('x-accel-buffering', 'no')
        .send(Readable.from(eventStream(states, first, known)));
    },
  });
}

function lastEventId(request: FastifyRequest): string | undefined {
  const header = request.headers['last-event-id'];
  return typeof header === 'string' ? header : undefined;
}

function hasEnded(data: string): boolean {
  const { job }: { job?: { endedAt?: string } } = JSON.parse(data);
  return job?.endedAt !== undefined;
}
