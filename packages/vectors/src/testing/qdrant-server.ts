import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { z } from 'zod';
import { ExactCollection } from './qdrant-collection';
import {
  countPoints,
  createCollection,
  createFieldIndex,
  deletePoints,
  queryBatch,
  scrollPoints,
  upsertPoints,
} from './qdrant-shapes';

/** An answer that is not 200. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

interface Call {
  readonly collection: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

/**
 * A server that speaks as much of Qdrant's HTTP API as the index needs. It takes no request that the published API does
 * not describe, and no write that is not waited for; it searches exactly.
 */
export class QdrantServer {
  private readonly collections = new Map<string, ExactCollection>();
  private readonly routes: Readonly<Record<string, (call: Call) => unknown>> = {
    'GET exists': ({ collection }) => ({ exists: this.collections.has(collection) }),
    'GET ': ({ collection }) => this.find(collection).info(),
    'PUT ': ({ collection, body }) => this.create(collection, parsed(createCollection, body)),
    'DELETE ': ({ collection }) => this.collections.delete(collection),
    'PUT index': (call) => {
      this.find(waited(call)).index(parsed(createFieldIndex, call.body));
      return DONE;
    },
    'PUT points': (call) => this.upsert(this.find(waited(call)), call.body),
    'POST points/delete': (call) => {
      this.find(waited(call)).remove(parsed(deletePoints, call.body).points);
      return DONE;
    },
    'POST points/query/batch': ({ collection, body }) => this.query(this.find(collection), body),
    'POST points/count': ({ collection, body }) => {
      parsed(countPoints, body);
      return { count: this.find(collection).count };
    },
    'POST points/scroll': ({ collection, body }) => this.find(collection).scroll(parsed(scrollPoints, body)),
  };

  private constructor(
    private readonly server: Server,
    private readonly apiKey: string | undefined,
  ) {
    server.on('request', async (request: IncomingMessage, response) => {
      const { status, answer } = await this.answer(request);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  }

  /** Listens on a free port. */
  static async start(apiKey?: string): Promise<QdrantServer> {
    const server = createServer();
    const started = new QdrantServer(server, apiKey);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return started;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage): Promise<{ status: number; answer: unknown }> {
    try {
      return { status: 200, answer: { result: await this.route(request), status: 'ok', time: 0 } };
    } catch (error) {
      const status = error instanceof Refusal ? error.status : 500;
      return { status, answer: { status: { error: String(error) }, time: 0 } };
    }
  }

  private async route(request: IncomingMessage): Promise<unknown> {
    if (this.apiKey !== undefined && request.headers['api-key'] !== this.apiKey) {
      throw new Refusal(401, 'Must provide an API key or an Authorization bearer token');
    }
    const body = await text(request);
    const { pathname, searchParams } = new URL(request.url ?? '/', this.url);
    const [, , collection = '', ...rest] = pathname.split('/').map(decodeURIComponent);
    const route = this.routes[`${request.method ?? ''} ${rest.join('/')}`];
    if (route === undefined || !pathname.startsWith('/collections/')) {
      throw new Refusal(404, `no such call: ${request.method} ${pathname}`);
    }
    return route({ collection, query: searchParams, body: body === '' ? undefined : JSON.parse(body) });
  }

  private find(name: string): ExactCollection {
    const collection = this.collections.get(name);
    if (collection === undefined) {
      throw new Refusal(404, `Not found: Collection \`${name}\` doesn't exist!`);
    }
    return collection;
  }

  private create(name: string, config: z.infer<typeof createCollection>): boolean {
    if (this.collections.has(name)) {
      throw new Refusal(409, `Wrong input: Collection \`${name}\` already exists!`);
    }
    this.collections.set(name, new ExactCollection(config));
    return true;
  }

  private upsert(collection: ExactCollection, body: unknown): unknown {
    const { points } = parsed(upsertPoints, body);
    for (const { vector } of points) {
      requireSize(collection, vector);
    }
    collection.upsert(points);
    return DONE;
  }

  private query(collection: ExactCollection, body: unknown): unknown {
    return parsed(queryBatch, body).searches.map((search) => {
      requireSize(collection, search.query);
      return collection.query(search);
    });
  }
}

const DONE = { operation_id: 0, status: 'completed' };

function parsed<Shape extends z.ZodType>(shape: Shape, body: unknown): z.infer<Shape> {
  const result = shape.safeParse(body);
  if (!result.success) {
    throw new Refusal(422, result.error.message);
  }
  return result.data;
}

/** The collection's name, if the call waits until the write is done. */
function waited({ collection, query }: Call): string {
  if (query.get('wait') !== 'true') {
    throw new Refusal(422, 'the write is not waited for');
  }
  return collection;
}

function requireSize(collection: ExactCollection, vector: readonly number[]): void {
  if (vector.length !== collection.size) {
    throw new Refusal(400, `Wrong input: Vector dimension error: expected dim: ${collection.size}`);
  }
}
