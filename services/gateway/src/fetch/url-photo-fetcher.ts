import type { Readable } from 'node:stream';
import { MienError } from '@mien/errors';
import { forbiddenWithin, guardedLookup, type Network, parseOutboundUrl } from '@mien/outbound';
import { Agent, type Dispatcher, request } from 'undici';
import type { PhotoFetcher } from '../usecases/ports';

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

interface FetchLimits {
  readonly allowedNetworks: readonly Network[];
  readonly maxBytes: number;
  /** For the whole fetch, redirects included. */
  readonly timeoutMs: number;
  readonly maxRedirects: number;
}

/** Fetches photos from public web servers, and from those of the allowed networks. */
export class UrlPhotoFetcher implements PhotoFetcher {
  private readonly agent: Agent;

  constructor(private readonly limits: FetchLimits) {
    this.agent = new Agent({
      connect: { lookup: guardedLookup(limits.allowedNetworks), timeout: limits.timeoutMs },
      // A photo server is met once; idle sockets to strangers are of no use.
      keepAliveTimeout: 1_000,
      maxHeaderSize: 16 * 1024,
    });
  }

  async fetch(text: string, signal: AbortSignal): Promise<Buffer> {
    const timeout = AbortSignal.timeout(this.limits.timeoutMs);
    try {
      return await this.follow(text, AbortSignal.any([signal, timeout]));
    } catch (error) {
      signal.throwIfAborted();
      throw timeout.aborted ? this.tooSlow() : asFetchError(error);
    }
  }

  async close(): Promise<void> {
    await this.agent.destroy();
  }

  private async follow(text: string, signal: AbortSignal): Promise<Buffer> {
    let url = parseOutboundUrl(text, this.limits.allowedNetworks);
    for (let hops = 0; hops <= this.limits.maxRedirects; hops += 1) {
      const response = await this.get(url, signal);
      const next = redirectTarget(response);
      if (next === undefined) {
        return await this.readPhoto(response);
      }
      discard(response.body);
      url = parseOutboundUrl(next, this.limits.allowedNetworks, url);
    }
    throw new MienError('URL_FETCH_FAILED', `the url redirects more than ${this.limits.maxRedirects} times`);
  }

  private get(url: URL, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    return request(url, {
      dispatcher: this.agent,
      signal,
      // The bytes are to be the photo's own: no compression that could unfold to any size.
      headers: { accept: 'image/jpeg, image/png, image/webp, image/bmp', 'accept-encoding': 'identity' },
    });
  }

  private async readPhoto(response: Dispatcher.ResponseData): Promise<Buffer> {
    try {
      this.checkHeaders(response);
      return await this.readBody(response.body);
    } finally {
      discard(response.body);
    }
  }

  private checkHeaders({ statusCode, headers }: Dispatcher.ResponseData): void {
    if (statusCode !== 200) {
      throw new MienError('URL_FETCH_FAILED', `the url answered with HTTP status ${statusCode}`, {
        metadata: { httpStatus: String(statusCode) },
      });
    }
    const encoding = headers['content-encoding'] ?? 'identity';
    if (encoding !== 'identity') {
      throw new MienError('URL_FETCH_FAILED', 'the url answered with a compressed body');
    }
    if (Number(headers['content-length'] ?? 0) > this.limits.maxBytes) {
      throw this.tooLarge();
    }
  }

  private async readBody(body: Readable): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of body) {
      const bytes: Buffer = chunk;
      size += bytes.length;
      if (size > this.limits.maxBytes) {
        throw this.tooLarge();
      }
      chunks.push(bytes);
    }
    if (size === 0) {
      throw new MienError('URL_FETCH_FAILED', 'the url answered with nothing');
    }
    return Buffer.concat(chunks, size);
  }

  private tooLarge(): MienError {
    return new MienError('IMAGE_TOO_LARGE', `the url answers with more than ${this.limits.maxBytes} bytes`, {
      metadata: { limitBytes: String(this.limits.maxBytes) },
    });
  }

  private tooSlow(): MienError {
    return new MienError('URL_FETCH_FAILED', `the url took longer than ${this.limits.timeoutMs} ms`, {
      metadata: { timeoutMs: String(this.limits.timeoutMs) },
    });
  }
}

function redirectTarget({ statusCode, headers }: Dispatcher.ResponseData): string | undefined {
  if (!REDIRECTS.has(statusCode)) {
    return undefined;
  }
  const { location } = headers;
  if (typeof location !== 'string') {
    throw new MienError('URL_FETCH_FAILED', 'the url redirects to nowhere');
  }
  return location;
}

/** Lets go of a body that is not read to its end, and of its connection. */
function discard(body: Readable): void {
  // Destroying an unfinished body makes it emit its abort as an error that nobody needs.
  body.on('error', () => undefined);
  body.destroy();
}

function asFetchError(error: unknown): MienError {
  if (error instanceof MienError && error.reason !== 'URL_FORBIDDEN') {
    return error;
  }
  const failed = () => new MienError('URL_FETCH_FAILED', 'the url could not be fetched', { cause: error });
  return forbiddenWithin(error) ?? failed();
}
