import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findNatsServer, type NatsServer, startNatsServer } from '@mien/bus';
import { type Platform, startInOneProcess } from '@mien/platform';
import { type TestSettings, testSettings } from '../e2e/test-platform';
import { repositoryRoot } from '../photos/repository';
import { codeOf } from './case';
import { signedRequest } from './signed-request';
import { sendAgain, tapWire, type Wiretap } from './wiretap';
import { clientsOf } from './world';

const KEY = { secretId: 'AKIDADMIN', secretKey: 'the-secret-of-an-admin' };

/** A second gateway of the platform, as an operator starts it. */
async function secondGateway(env: NodeJS.ProcessEnv): Promise<{ process: ChildProcess; address: string }> {
  const child = spawn(process.execPath, [require.resolve('@mien/gateway/dist/main.js')], {
    env: { ...env, MIEN_OPS_PORT: '0', MIEN_LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { msg, httpPort } = JSON.parse(line);
    if (msg === 'ready') {
      child.stdout.resume();
      return { process: child, address: `127.0.0.1:${httpPort}` };
    }
  }
  throw new Error('the gateway ended before it was ready');
}

describe('a signed request that was overheard on its way to one of two gateways', () => {
  let settings: TestSettings;
  let nats: NatsServer;
  let platform: Platform;
  let other: Awaited<ReturnType<typeof secondGateway>>;
  let wire: Wiretap;

  beforeAll(async () => {
    settings = await testSettings('tencent-replays');
    const binary = findNatsServer({
      explicit: process.env['MIEN_NATS_SERVER'],
      path: process.env['PATH'],
      folders: [join(repositoryRoot(), '.mien', 'bin')],
    });
    nats = await startNatsServer({ binary, dataDir: join(settings.folder, 'nats') });
    const file = join(settings.folder, 'keys.jsonl');
    await writeFile(file, JSON.stringify({ ...KEY, role: 'admin' }));
    const env = { ...settings.env, MIEN_NATS_URL: nats.url, MIEN_TENCENT_KEYS_FILE: file };
    platform = await startInOneProcess(env);
    other = await secondGateway({ ...env, MIEN_LIBRARY_ADDRESS: platform.libraryAddress });
    wire = await tapWire(platform.httpAddress);
  }, 180_000);

  afterAll(async () => {
    wire?.close();
    if (other?.process.exitCode === null) {
      other.process.kill('SIGTERM');
      await once(other.process, 'exit');
    }
    await platform?.stop();
    await nats?.stop();
    await settings?.remove();
  });

  const gateways = () => [platform.httpAddress, other.address];
  const told = async (answer: Promise<globalThis.Response>) => {
    const { Response } = (await (await answer).json()) as { Response: { Error?: { Code: string } } };
    return Response.Error?.Code ?? 'fine';
  };

  it.each(['client', 'older'] as const)('is taken once, from the %s', async (which) => {
    const asked = clientsOf(wire.address, KEY)[which].GetGroupList({ Limit: which === 'client' ? 3 : 4 });
    expect(await codeOf(asked)).toBe('no error');
    const said = wire.overheard.at(-1) ?? { headers: {}, body: '' };
    for (const gateway of [...gateways(), ...gateways()]) {
      expect(await told(sendAgain(gateway, said))).toBe('AuthFailure.SignatureExpire');
    }
  });

  it('is taken by one of the two alone when both get it at once', async () => {
    const request = signedRequest({ address: '127.0.0.1', ...KEY }, { action: 'GetGroupList', body: {} });
    const shown = Array.from({ length: 5 }, () => gateways()).flat();
    const codes = await Promise.all(shown.map((gateway) => told(fetch(`http://${gateway}/`, request))));
    expect(codes.filter((code) => code === 'fine')).toHaveLength(1);
    expect(codes.filter((code) => code === 'AuthFailure.SignatureExpire')).toHaveLength(codes.length - 1);
  });

  it('is not taken with another body, which leaves the right one good elsewhere', async () => {
    const body = { Limit: 5 };
    const request = signedRequest({ address: '127.0.0.1', ...KEY }, { action: 'GetGroupList', body });
    const [one = '', two = ''] = gateways();
    expect(await told(fetch(`http://${one}/`, { ...request, body: '{"Limit":6}' }))).toBe(
      'AuthFailure.SignatureFailure',
    );
    expect(await told(fetch(`http://${two}/`, request))).toBe('fine');
  });

  it('is refused while nobody can tell whether it was there before', async () => {
    await nats.kill();
    for (const gateway of gateways()) {
      const { client } = clientsOf(gateway, KEY);
      expect(await codeOf(client.GetGroupList({ Limit: 7 }))).toBe('FailedOperation.RpcFail');
    }
  });
});
