import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { get } from 'node:https';
import { join } from 'node:path';
import { type Platform, startInOneProcess } from '@mien/platform';
import { MienClient, type TlsOptions } from '@mien/sdk';
import { type Issued, TestAuthority } from '@mien/service/dist/testing/certificates';
import { repositoryRoot } from '../photos/repository';
import { type TestSettings, testSettings } from './test-platform';

const CLI = join(repositoryRoot(), 'packages', 'cli', 'dist', 'main.js');

describe('a platform that talks TLS alone', () => {
  let settings: TestSettings;
  let authority: TestAuthority;
  let stranger: Issued;
  let caller: Issued;
  let platform: Platform;

  beforeAll(async () => {
    settings = await testSettings('tls');
    authority = await TestAuthority.create(settings.folder, 'authority');
    const others = await TestAuthority.create(settings.folder, 'others');
    const [front, inner] = [await authority.issue('front'), await authority.issue('inner')];
    [caller, stranger] = [await authority.issue('caller'), await others.issue('stranger')];
    platform = await startInOneProcess({
      ...settings.env,
      MIEN_GATEWAY_AUTH: 'none',
      MIEN_TLS_CERT_FILE: front.certFile,
      MIEN_TLS_KEY_FILE: front.keyFile,
      MIEN_TLS_CLIENT_CA_FILE: authority.caFile,
      MIEN_INTERNAL_TLS_CERT_FILE: inner.certFile,
      MIEN_INTERNAL_TLS_KEY_FILE: inner.keyFile,
      MIEN_INTERNAL_TLS_CA_FILE: authority.caFile,
    });
  });

  afterAll(async () => {
    await platform?.stop();
    await settings?.remove();
  });

  /** Through the gateway to the library: both connections have to come about. */
  async function groupsOver(tls?: TlsOptions): Promise<string> {
    const options = { retries: 0, timeoutMs: 30_000, ...(tls === undefined ? {} : { tls }) };
    const client = new MienClient(platform.grpcAddress, options);
    try {
      let count = 0;
      for await (const _ of client.library.listGroups()) {
        count += 1;
      }
      return `${count} groups`;
    } catch (error) {
      return String(Object(error).reason);
    } finally {
      client.close();
    }
  }

  it('answers callers with a certificate of its authority, library and all', async () => {
    expect(await groupsOver({ caFile: authority.caFile, ...caller })).toBe('0 groups');
  });

  it('answers nobody else', async () => {
    const refused = 'BUS_UNAVAILABLE';
    expect(await groupsOver()).toBe(refused);
    expect(await groupsOver({ caFile: authority.caFile })).toBe(refused);
    expect(await groupsOver({ caFile: authority.caFile, ...stranger })).toBe(refused);
    expect(await groupsOver({ ...caller })).toBe(refused);
  });

  it('is the same over HTTP', async () => {
    const ca = readFileSync(authority.caFile);
    const own = { cert: readFileSync(caller.certFile), key: readFileSync(caller.keyFile) };
    const url = `https://${platform.httpAddress}/openapi.json`;
    expect(await statusOf(url, { ca, ...own })).toBe(200);
    expect(await statusOf(url, { ca })).toBe('refused');
    expect(await statusOf(url, own)).toBe('refused');
    await expect(fetch(`http://${platform.httpAddress}/openapi.json`)).rejects.toThrow();
  });

  it('is reached from the command line', async () => {
    const files = ['--tls-ca', authority.caFile, '--tls-cert', caller.certFile, '--tls-key', caller.keyFile];
    const list = ['group', 'list', '--json', '--address', platform.grpcAddress];
    expect(await mien([...list, ...files])).toEqual({ code: 0, out: '' });
    expect((await mien([...list, '--tls-ca', authority.caFile])).code).not.toBe(0);
    const check = ['library', 'check', '--json', '--library-address', platform.libraryAddress];
    expect((await mien([...check, ...files])).code).toBe(0);
    expect((await mien([...check, '--timeout-seconds', '5'])).code).toBe(2);
  });
});

it('does not listen to other machines in plain text unless told so', async () => {
  const settings = await testSettings('plain');
  try {
    const starting = startInOneProcess({ ...settings.env, MIEN_BIND_ADDRESS: '0.0.0.0' });
    await expect(starting).rejects.toMatchObject({
      reason: 'CONFIGURATION_INVALID',
      message: expect.stringContaining('MIEN_TLS_CERT_FILE'),
    });
  } finally {
    await settings.remove();
  }
});

function statusOf(url: string, options: { ca?: Buffer; cert?: Buffer; key?: Buffer }): Promise<unknown> {
  return new Promise((resolve) => {
    get(url, { ...options, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).once('error', () => resolve('refused'));
  });
}

function mien(args: readonly string[]): Promise<{ code: unknown; out: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...args], (error, out) => resolve({ code: error?.code ?? 0, out }));
  });
}
