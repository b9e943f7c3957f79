import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseNetwork } from '@mien/outbound';
import { UrlPhotoFetcher } from './url-photo-fetcher';

const PHOTO = Buffer.from('a photo, as far as fetching it goes');
const MAX_BYTES = 100_000;

/** What the server answers with, by path. */
const ROUTES: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  '/photo': (_, response) => response.end(PHOTO),
  '/chunked': (_, response) => {
    response.write(PHOTO.subarray(0, 5));
    response.end(PHOTO.subarray(5));
  },
  '/empty': (_, response) => response.end(),
  '/missing': (_, response) => response.writeHead(404).end('none'),
  '/gzip': (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(PHOTO),
  '/once': (_, response) => response.writeHead(302, { location: '/photo' }).end(),
  '/thrice': (_, response) => response.writeHead(301, { location: '/twice' }).end(),
  '/twice': (_, response) => response.writeHead(307, { location: '/once' }).end(),
  '/four-times': (_, response) => response.writeHead(308, { location: '/thrice' }).end(),
  '/nowhere': (_, response) => response.writeHead(302).end(),
  '/to-loopback': (_, response) => response.writeHead(302, { location: 'http://127.0.0.2/photo' }).end(),
  '/to-file': (_, response) => response.writeHead(302, { location: 'file:///etc/hostname' }).end(),
  '/huge': (_, response) =>
    response.writeHead(200, { 'content-length': String(MAX_BYTES + 1) }).flushHeaders(),
  '/endless': (request, response) => {
    const more = () => response.write(Buffer.alloc(16_384), () => !request.destroyed && more());
    more();
  },
  '/silent': () => undefined,
  '/stalls': (_, response) => response.write('a'),
  '/breaks': (_, response) =>
    response.writeHead(200, { 'content-length': '50' }).write('a', () => response.destroy()),
};

describe('UrlPhotoFetcher', () => {
  let server: Server;
  let base: string;
  // Only this one address: 127.0.0.2 and names of the loopback stay forbidden.
  const limits = { allowedNetworks: [parseNetwork('127.0.0.1/32')], maxBytes: MAX_BYTES, maxRedirects: 3 };
  const fetcher = new UrlPhotoFetcher({ ...limits, timeoutMs: 30_000 });
  const impatient = new UrlPhotoFetcher({ ...limits, timeoutMs: 200 });
  const never = new AbortController().signal;

  beforeAll(async () => {
    server = createServer((request, response) => ROUTES[request.url ?? '']?.(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    await Promise.all([fetcher.close(), impatient.close()]);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it.each(['/photo', '/chunked', '/once', '/twice', '/thrice'])('fetches %s', async (path) => {
    expect(await fetcher.fetch(base + path, never)).toEqual(PHOTO);
  });

  it.each([
    ['/empty', 'URL_FETCH_FAILED', /nothing/],
    ['/missing', 'URL_FETCH_FAILED', /404/],
    ['/gzip', 'URL_FETCH_FAILED', /compressed/],
    ['/four-times', 'URL_FETCH_FAILED', /more than 3 times/],
    ['/nowhere', 'URL_FETCH_FAILED', /nowhere/],
    ['/to-loopback', 'URL_FORBIDDEN', /network/],
    ['/to-file', 'URL_INVALID', /http/],
    ['/huge', 'IMAGE_TOO_LARGE', /100000 bytes/],
    ['/endless', 'IMAGE_TOO_LARGE', /100000 bytes/],
    ['/breaks', 'URL_FETCH_FAILED', /could not be fetched/],
  ])('refuses %s with %s', async (path, reason, message) => {
    await expect(fetcher.fetch(base + path, never)).rejects.toMatchObject({
      reason,
      message: expect.stringMatching(message),
    });
  });

  it.each(['/silent', '/stalls'])('does not wait for %s', async (path) => {
    await expect(impatient.fetch(base + path, never)).rejects.toMatchObject({
      reason: 'URL_FETCH_FAILED',
      message: 'the url took longer than 200 ms',
    });
  });

  it('refuses a port that nobody listens on', async () => {
    await expect(fetcher.fetch('http://127.0.0.1:1/', never)).rejects.toMatchObject({
      reason: 'URL_FETCH_FAILED',
    });
  });

  it('gives up when its caller does, with the caller’s reason', async () => {
    const caller = new AbortController();
    const fetched = fetcher.fetch(`${base}/silent`, caller.signal);
    const reason = new Error('gone');
    caller.abort(reason);
    await expect(fetched).rejects.toBe(reason);
  });

  describe('with no network allowed', () => {
    const strict = new UrlPhotoFetcher({
      allowedNetworks: [],
      maxBytes: MAX_BYTES,
      timeoutMs: 30_000,
      maxRedirects: 3,
    });
    afterAll(() => strict.close());

    it('judges a name by the address that the socket would connect to', async () => {
      // A server of its own: late connections of other tests are not to be taken for one of this.
      const inside = createServer((_, response) => response.end(PHOTO));
      await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', resolve));
      let reached = false;
      inside.once('connection', () => {
        reached = true;
      });
      const { port } = inside.address() as AddressInfo;
      await expect(strict.fetch(`http://localhost:${port}/photo`, never)).rejects.toMatchObject({
        reason: 'URL_FORBIDDEN',
      });
      await new Promise((resolve) => inside.close(resolve));
      expect(reached).toBe(false);
    });

    it('tells a name that does not resolve from one that is forbidden', async () => {
      await expect(strict.fetch('http://no-such-host.invalid/', never)).rejects.toMatchObject({
        reason: 'URL_FETCH_FAILED',
      });
    });
  });
});
