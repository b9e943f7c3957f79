import { Readable } from 'node:stream';
import { ExportAuditRecordsRequest, ExportAuditRecordsResponse } from '@mien/proto';
import type { FastifyInstance } from 'fastify';
import type { Contract } from '../http/openapi/contract';
import { requestValidationSchema, rpc } from '../http/openapi/document';
import { canonicalJson, completeJson } from '../http/proto-json';
import { requestOfQuery } from '../http/request-json';
import { type RouteOptions, streamWithin, validate } from '../http/route';
import { inRequestSpan } from '../http/tracing';
import { checkBounds } from '../usecases/request-bounds';
import { AUDIT_EXPORT } from './export-endpoint';

/** Answers ExportAuditRecords on its path: a record as JSON on each line, as they are read. https://jsonlines.org */
export function addAuditExportRoute(app: FastifyInstance, contract: Contract, options: RouteOptions): void {
  const { input, output } = rpc(AUDIT_EXPORT, contract);
  const schema = requestValidationSchema(AUDIT_EXPORT, contract);
  app.route({
    method: AUDIT_EXPORT.method,
    url: AUDIT_EXPORT.path,
    onRequest: async (request) => options.entrance.enter(request, AUDIT_EXPORT),
    handler: async (request, reply) => {
      const query = requestOfQuery(request.query as Record<string, unknown>, input);
      const json = canonicalJson(query, input);
      validate(request, schema, json);
      checkBounds(json, input);
      const asked = ExportAuditRecordsRequest.fromJSON(json);
      const lines = streamWithin(request, reply, options, async function* (call) {
        for await (const message of options.useCases.audit.exportAuditRecords(asked, call)) {
          const whole = completeJson(ExportAuditRecordsResponse.toJSON(message), output);
          yield `${JSON.stringify(recordIn(whole))}\n`;
        }
      });
      // Before the answer begins: what is wrong with the request is an answer of its own.
      const first = await inRequestSpan(AUDIT_EXPORT, request.headers, () => lines.next());
      return reply.type('application/x-ndjson; charset=utf-8').send(Readable.from(from(first, lines)));
    },
  });
}

function recordIn(message: unknown): unknown {
  return (message as { readonly record?: unknown }).record ?? {};
}

async function* from(
  first: IteratorResult<string>,
  rest: AsyncIterable<string>,
): AsyncGenerator<string, void, void> {
  if (first.done !== true) {
    yield first.value;
    yield* rest;
  }
}
