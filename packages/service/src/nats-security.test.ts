import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type FiledCredentials,
  fileCredentials,
  findNatsServer,
  type NatsServer,
  rightsOf,
  startNatsServer,
} from '@mien/bus';
import pino from 'pino';
import { baseConfigSchema } from './config/base-config';
import { type Environment, parseConfig } from './config/parse-config';
import { openRuntime, type Runtime } from './runtime';
import { startTelemetry } from './telemetry/telemetry';
import { type Issued, TestAuthority } from './testing/certificates';

let folder: string;
let server: NatsServer;
let authority: TestAuthority;
let client: Issued;
let detector: FiledCredentials;
let provisioner: FiledCredentials;
const telemetry = startTelemetry({ service: 'test' });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mien-nats-security-'));
  authority = await TestAuthority.create(folder, 'authority');
  const own = await authority.issue('nats');
  client = await authority.issue('client');
  detector = await fileCredentials(folder, 'detector');
  provisioner = await fileCredentials(folder, 'provisioner');
  const binary = findNatsServer({ explicit: process.env['MIEN_NATS_SERVER'], path: process.env['PATH'] });
  server = await startNatsServer({
    binary,
    dataDir: join(folder, 'nats'),
    tls: { ...own, caFile: authority.caFile },
    users: [
      { publicKey: detector.publicKey, rights: rightsOf('detector') },
      { publicKey: provisioner.publicKey, rights: rightsOf('provisioner') },
    ],
  });
  await (await open('mien-provisioner', { MIEN_NATS_NKEY_FILE: provisioner.seedFile })).close();
});

afterAll(async () => {
  await server.stop();
  await telemetry.shutdown();
  await rm(folder, { recursive: true });
});

/** As a service that is set by these variables, beside those that every one needs here. */
function open(service: string, changes: Environment): Promise<Runtime> {
  const env = {
    MIEN_NATS_URL: server.url,
    MIEN_DATA_DIR: folder,
    MIEN_NATS_TLS_CA_FILE: authority.caFile,
    MIEN_NATS_TLS_CERT_FILE: client.certFile,
    MIEN_NATS_TLS_KEY_FILE: client.keyFile,
    ...changes,
  };
  const { config } = parseConfig({ config: baseConfigSchema }, env);
  return openRuntime({ service, config, telemetry, logger: pino({ level: 'silent' }) });
}

describe('the connection to NATS', () => {
  it('is made over mutual TLS, with the rights of the service', async () => {
    const runtime = await open('mien-detector', {
      MIEN_NATS_NKEY_FILE: detector.seedFile,
      MIEN_BUS_PROVISION: 'check',
    });
    expect(await runtime.ready()).toBe(true);
    expect(runtime.bus.nc.info?.tls_required).toBe(true);
    await runtime.close();
  });

  it('is refused where the service would have to set up what it may only look at', async () => {
    const provisioning = open('mien-detector', { MIEN_NATS_NKEY_FILE: detector.seedFile });
    await expect(provisioning).rejects.toMatchObject({
      reason: 'BUS_UNAVAILABLE',
      message: expect.stringContaining('mien nats-permissions'),
    });
  });

  it.each<[string, () => Promise<Environment>]>([
    ['an authority that did not sign the server', async () => ({ MIEN_NATS_TLS_CA_FILE: client.certFile })],
    [
      'credentials that the server does not know',
      async () => ({ MIEN_NATS_NKEY_FILE: (await fileCredentials(folder, 'landmark')).seedFile }),
    ],
    ['no credentials', async () => ({ MIEN_NATS_NKEY_FILE: '' })],
  ])('is not made with %s', async (_, changes) => {
    const connecting = open('mien-detector', {
      MIEN_NATS_NKEY_FILE: detector.seedFile,
      MIEN_BUS_PROVISION: 'check',
      ...(await changes()),
    });
    await expect(connecting).rejects.toMatchObject({ reason: 'BUS_UNAVAILABLE' });
  });

  it('is not made without a certificate that the server takes', async () => {
    const strangers = await TestAuthority.create(folder, 'strangers');
    const { certFile, keyFile } = await strangers.issue('stranger');
    // The server hangs up and the client library tries on until its limit of 20 seconds.
    const connecting = [
      { MIEN_NATS_TLS_CERT_FILE: '', MIEN_NATS_TLS_KEY_FILE: '' },
      { MIEN_NATS_TLS_CERT_FILE: certFile, MIEN_NATS_TLS_KEY_FILE: keyFile },
    ].map((changes) => open('mien-detector', { MIEN_NATS_NKEY_FILE: detector.seedFile, ...changes }));
    for (const { status } of await Promise.allSettled(connecting)) {
      expect(status).toBe('rejected');
    }
  });

  it('is not made without the files that it is told of', async () => {
    const connecting = open('mien-detector', { MIEN_NATS_NKEY_FILE: join(folder, 'nowhere.nk') });
    await expect(connecting).rejects.toMatchObject({ reason: 'CONFIGURATION_INVALID' });
  });
});
