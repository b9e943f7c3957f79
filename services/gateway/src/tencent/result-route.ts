import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LOCAL_OPERATOR } from '../access/principal';
import { Call } from '../usecases/call';
import type { TencentOptions } from './endpoint';
import { type FollowedLink, type LinkSeals, RESULT_PATH, type ResultKind } from './result-links';
import { failedFaces } from './results/failed-faces';
import { similarPersons } from './results/similar-persons';

const RESULTS = { 'similar-persons': similarPersons, 'failed-faces': failedFaces } as const;

/** Gives the results of jobs to whoever has a link to them. What is wrong with a link is not told. */
export function addResultRoute(
  app: FastifyInstance,
  { useCases, admission, timeouts, keys }: TencentOptions,
  seals: LinkSeals,
): void {
  app.get(RESULT_PATH, async (request, reply) => {
    const link = followed(request, seals);
    const principal = keys === undefined ? LOCAL_OPERATOR : keys.find(link?.secretId ?? '')?.principal;
    if (link === undefined || principal === undefined) {
      return reply.code(404).send({ error: 'the link leads nowhere, or not any more' });
    }
    return admission.admit(async () => {
      const call = new Call(timeouts.maximumMs, { principal });
      reply.raw.once('close', () => call.cancel());
      const parts = RESULTS[link.kind](link.jobId, useCases, call);
      return sendJson(reply, parts, call);
    });
  });
}

function followed({ params, query }: FastifyRequest, seals: LinkSeals): FollowedLink | undefined {
  const { kind, jobId } = params as Readonly<Record<string, string>>;
  const { key = '', expires, seal } = query as Readonly<Record<string, unknown>>;
  if (!isResultKind(kind) || jobId === undefined || typeof seal !== 'string' || typeof key !== 'string') {
    return undefined;
  }
  const link = { kind, jobId, secretId: key };
  return seals.holds(link, Number(expires), seal) ? link : undefined;
}

function isResultKind(kind: string | undefined): kind is ResultKind {
  return kind !== undefined && Object.hasOwn(RESULTS, kind);
}

/** The entries as one JSON array, sent as they are read. */
async function sendJson(
  reply: FastifyReply,
  entries: AsyncIterable<object>,
  call: Call,
): Promise<FastifyReply> {
  const iterator = entries[Symbol.asyncIterator]();
  // What is wrong at once can still be answered as an error.
  const first = await iterator.next().catch((error: unknown) => {
    call.close();
    throw error;
  });
  async function* text() {
    try {
      yield '[';
      for (let next = first, separator = ''; !next.done; next = await iterator.next(), separator = ',') {
        yield `${separator}\n${JSON.stringify(next.value)}`;
      }
      yield '\n]\n';
    } finally {
      call.close();
    }
  }
  return reply.type('application/json; charset=utf-8').send(Readable.from(text()));
}
