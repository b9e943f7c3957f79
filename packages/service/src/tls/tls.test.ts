import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionOptions, connect as tlsConnect } from 'node:tls';
import { type ChannelCredentials, Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { service as healthService } from 'grpc-health-check';
import pino from 'pino';
import { type GrpcServer, startGrpcServer } from '../grpc/server';
import { type Issued, replaceCertificate, TestAuthority } from '../testing/certificates';
import { grpcChannelCredentials } from './grpc-credentials';
import { ReloadingTls } from './reloading-tls';
import { isLoopback, requireEncryption } from './require-encryption';
import { createSecureHttpServer } from './secure-server';
import type { TlsFiles } from './tls-files';

const OPTIONS = { everyMs: 20, logger: pino({ level: 'silent' }) };

let folder: string;
let ours: TestAuthority;
let others: TestAuthority;
let server: Issued;
let client: Issued;
let stranger: Issued;
const closing: (() => unknown)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mien-tls-'));
  ours = await TestAuthority.create(folder, 'ours');
  others = await TestAuthority.create(folder, 'others');
  client = await ours.issue('client');
  stranger = await others.issue('stranger');
});
beforeEach(async () => {
  server = await ours.issue('server');
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) {
    await close();
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function open(files: TlsFiles): Promise<ReloadingTls> {
  const tls = await ReloadingTls.open(files, OPTIONS);
  closing.push(() => tls.close());
  return tls;
}

async function grpcServer(tls?: ReloadingTls): Promise<GrpcServer> {
  const grpc = await startGrpcServer([], { bindAddress: '127.0.0.1', port: 0, maxMessageBytes: 1_000, tls });
  grpc.setServing(true);
  closing.push(() => grpc.drain(1_000));
  return grpc;
}

/** SERVING, or the code that the call failed with. */
function ask(port: number, how: ChannelCredentials): Promise<unknown> {
  const asking = new Client(`127.0.0.1:${port}`, how);
  const { path, requestSerialize, responseDeserialize } = healthService['Check'] ?? fail();
  return new Promise<unknown>((resolve) => {
    asking.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      { service: '' },
      new Metadata(),
      { deadline: Date.now() + 20_000 },
      (error: ServiceError | null, answer: unknown) => resolve(error?.code ?? Object(answer).status),
    );
  }).finally(() => asking.close());
}

function fail(): never {
  throw new Error('the health service has no Check');
}

const UNAVAILABLE = 14;
const pem = (file: string) => readFileSync(file);
const trusting = (authority: TestAuthority, own?: Issued) =>
  own === undefined
    ? credentials.createSsl(pem(authority.caFile))
    : credentials.createSsl(pem(authority.caFile), pem(own.keyFile), pem(own.certFile));

describe('gRPC over TLS', () => {
  it('serves who trusts our authority, and nobody in plain text', async () => {
    const { port } = await grpcServer(await open(server));
    expect(await ask(port, trusting(ours))).toBe('SERVING');
    expect(await ask(port, credentials.createInsecure())).toBe(UNAVAILABLE);
    expect(await ask(port, trusting(others))).toBe(UNAVAILABLE);
  });

  it('asks for a certificate of our authority where that is given', async () => {
    const { port } = await grpcServer(await open({ ...server, caFile: ours.caFile }));
    expect(await ask(port, trusting(ours, client))).toBe('SERVING');
    expect(await ask(port, trusting(ours))).toBe(UNAVAILABLE);
    expect(await ask(port, trusting(ours, stranger))).toBe(UNAVAILABLE);
  });

  it('is between services mutual', async () => {
    const { port } = await grpcServer(await open({ ...server, caFile: ours.caFile }));
    const files = { ...client, caFile: ours.caFile };
    expect(await ask(port, grpcChannelCredentials(await open(files)))).toBe('SERVING');
    const foreign = { ...stranger, caFile: ours.caFile };
    expect(await ask(port, grpcChannelCredentials(await open(foreign)))).toBe(UNAVAILABLE);
    const distrusting = { ...client, caFile: others.caFile };
    expect(await ask(port, grpcChannelCredentials(await open(distrusting)))).toBe(UNAVAILABLE);
  });

  it('goes over to renewed certificates without a restart, on both sides', async () => {
    const own = await ours.issue('client-to-renew');
    const served = await open({ ...server, caFile: ours.caFile });
    const shown = await open({ ...own, caFile: ours.caFile });
    const { port } = await grpcServer(served);
    const renewed = await ours.issue('renewed');
    await Promise.all([
      changed(served),
      replaceCertificate(server, renewed),
      changed(shown),
      replaceCertificate(own, renewed),
    ]);
    expect(await ask(port, grpcChannelCredentials(shown))).toBe('SERVING');
    expect(await commonName(port, { ca: pem(ours.caFile), ALPNProtocols: ['h2'] })).toBe('renewed');
    expect(shown.contents.cert.equals(pem(renewed.certFile))).toBe(true);
  });
});

describe('HTTP over TLS', () => {
  it('serves who trusts our authority and shows a certificate of it', async () => {
    const port = await httpServer(await open({ ...server, caFile: ours.caFile }));
    const [ca, cert, key] = [ours.caFile, client.certFile, client.keyFile].map(pem);
    expect(await fetchOver(port, { ca, cert, key })).toBe('served');
    expect(await fetchOver(port, { ca })).toMatch(/alert|ECONNRESET|EPIPE/);
    expect(await fetchOver(port, { ca, cert: pem(stranger.certFile), key: pem(stranger.keyFile) })).toMatch(
      /alert|ECONNRESET|EPIPE/,
    );
    expect(await fetchOver(port, { ca: pem(others.caFile), cert, key })).toMatch(/self-signed|unable to/);
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  });

  it('goes over to renewed certificates without a restart', async () => {
    const tls = await open(server);
    const port = await httpServer(tls);
    const ca = pem(ours.caFile);
    expect(await commonName(port, { ca })).toBe('server');
    await Promise.all([changed(tls), replaceCertificate(server, await ours.issue('renewed'))]);
    expect(await commonName(port, { ca })).toBe('renewed');
  });

  it('talks no TLS older than 1.2', async () => {
    const port = await httpServer(await open(server));
    const ca = pem(ours.caFile);
    const old = { ca, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    await expect(commonName(port, old)).rejects.toThrow(/version/);
    expect(await commonName(port, { ca, maxVersion: 'TLSv1.2' })).toBe('server');
  });
});

describe('certificates', () => {
  it('stay the last good ones while their files do not fit together', async () => {
    const tls = await open(server);
    const before = tls.contents;
    const renewed = await ours.issue('renewed');
    let told = 0;
    tls.onChange(() => {
      told += 1;
    });
    await writeFile(server.certFile, 'half of a certificate');
    await writeFile(server.keyFile, pem(renewed.keyFile));
    // Read again in between: what follows is told of only once.
    const change = changed(tls);
    await writeFile(server.certFile, pem(renewed.certFile));
    await change;
    expect(told).toBe(1);
    expect(tls.contents.cert.equals(before.cert)).toBe(false);
  });

  it.each([
    ['a file that is not there', () => ({ ...server, certFile: join(folder, 'none') })],
    ['a key of another certificate', () => ({ ...server, keyFile: client.keyFile })],
    ['authorities that are none', () => ({ ...server, caFile: server.keyFile })],
  ])('are refused at the start: %s', async (_, files) => {
    await expect(ReloadingTls.open(files(), OPTIONS)).rejects.toMatchObject({
      reason: 'CONFIGURATION_INVALID',
    });
  });
});

describe('plain text', () => {
  it.each(['127.0.0.1', '127.8.8.8', '::1', 'localhost'])('is for this machine: %s', (bindAddress) => {
    expect(isLoopback(bindAddress)).toBe(true);
    requireEncryption('it', 'THESE', { bindAddress, encrypted: false, plaintextAllowed: false });
  });

  it.each(['0.0.0.0', '::', '10.0.0.7', 'fe80::1', '::ffff:10.0.0.1', 'example.org'])(
    'is for others only when told so: %s',
    (bindAddress) => {
      const exposure = { bindAddress, encrypted: false, plaintextAllowed: false };
      expect(() => requireEncryption('the gateway', 'THESE', exposure)).toThrow(
        `the gateway would listen on ${bindAddress} without TLS: set THESE`,
      );
      requireEncryption('the gateway', 'THESE', { ...exposure, encrypted: true });
      requireEncryption('the gateway', 'THESE', { ...exposure, plaintextAllowed: true });
    },
  );
});

function changed(tls: ReloadingTls): Promise<void> {
  return new Promise((resolve) => {
    tls.onChange(() => resolve());
  });
}

async function httpServer(tls: ReloadingTls): Promise<number> {
  const http = createSecureHttpServer(tls, {}, (_, response) => response.end('served'));
  await new Promise<void>((resolve) => {
    http.listen(0, '127.0.0.1', resolve);
  });
  closing.push(() => {
    http.close();
    http.closeAllConnections();
  });
  return (http.address() as AddressInfo).port;
}

/** What was answered, or the message of why not. */
function fetchOver(port: number, options: ConnectionOptions): Promise<string> {
  const agent = new Agent({ ...options, keepAlive: false });
  return new Promise((resolve) => {
    get({ host: '127.0.0.1', port, agent }, (response) => {
      response.setEncoding('utf8');
      response.once('data', resolve);
    }).once('error', (error: NodeJS.ErrnoException) => resolve(`${error.code} ${error.message}`));
  });
}

/** Of the certificate that is served. */
function commonName(port: number, options: ConnectionOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = tlsConnect({ host: '127.0.0.1', port, ...options }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.destroy();
    }).once('error', reject);
  });
}
