import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../chart/release/nats-server';
import { ApiServer, until } from './api-server';
import { type Program, Running } from './programs';

/** Where Services get addresses; nothing is ever sent there. */
const SERVICE_ADDRESSES = '10.96.0.0/16';

/**
 * A Kubernetes control plane of real programs on addresses of this machine alone: etcd, the API server with the admission
 * that is on by default, controllers and the scheduler. Nodes are stood in for, so nothing watches whether they live.
 */
export class ControlPlane {
  private readonly running: Running[] = [];

  private constructor(
    private readonly folder: string,
    readonly api: ApiServer,
    /** For Helm and other clients. */
    readonly kubeconfig: string,
  ) {}

  static async start(programs: ReadonlyMap<Program, string>): Promise<ControlPlane> {
    const folder = await mkdtemp(join(tmpdir(), 'mien-cluster-'));
    const running: Running[] = [];
    const start = (name: Program, args: readonly string[]) =>
      running.push(Running.start(programs.get(name) ?? name, args));
    try {
      const etcd = `http://127.0.0.1:${await freePort()}`;
      const peers = `http://127.0.0.1:${await freePort()}`;
      start('etcd', [
        `--data-dir=${join(folder, 'etcd')}`,
        `--listen-client-urls=${etcd}`,
        `--advertise-client-urls=${etcd}`,
        `--listen-peer-urls=${peers}`,
        `--initial-advertise-peer-urls=${peers}`,
        `--initial-cluster=default=${peers}`,
        '--unsafe-no-fsync',
      ]);
      const port = await freePort();
      const token = randomBytes(24).toString('hex');
      const signing = join(folder, 'service-accounts.pem');
      await writeFile(signing, signingKey(), { mode: 0o600 });
      await writeFile(join(folder, 'tokens.csv'), `${token},bench,bench,"system:masters"\n`, { mode: 0o600 });
      start('kube-apiserver', [
        `--etcd-servers=${etcd}`,
        '--bind-address=127.0.0.1',
        '--advertise-address=127.0.0.1',
        `--secure-port=${port}`,
        `--cert-dir=${folder}`,
        `--token-auth-file=${join(folder, 'tokens.csv')}`,
        '--authorization-mode=RBAC',
        '--anonymous-auth=false',
        `--service-cluster-ip-range=${SERVICE_ADDRESSES}`,
        '--service-account-issuer=https://mien-bench',
        `--service-account-key-file=${signing}`,
        `--service-account-signing-key-file=${signing}`,
        // Loopback can't be an endpoint of the API server's own Service.
        '--endpoint-reconciler-type=none',
      ]);
      const url = `https://127.0.0.1:${port}`;
      const certificate = join(folder, 'apiserver.crt');
      const kubeconfig = join(folder, 'kubeconfig.json');
      await writeFile(kubeconfig, JSON.stringify(clientConfiguration(url, certificate, token)), {
        mode: 0o600,
      });
      const api = await reach(url, token, certificate, running);
      start('kube-controller-manager', [
        `--kubeconfig=${kubeconfig}`,
        '--leader-elect=false',
        '--use-service-account-credentials=false',
        `--service-account-private-key-file=${signing}`,
        `--root-ca-file=${certificate}`,
        '--controllers=*,-node-lifecycle-controller,-taint-eviction-controller',
        ...(await privatePort(folder)),
      ]);
      start('kube-scheduler', [
        `--kubeconfig=${kubeconfig}`,
        '--leader-elect=false',
        ...(await privatePort(folder)),
      ]);
      const plane = new ControlPlane(folder, api, kubeconfig);
      plane.running.push(...running);
      return plane;
    } catch (error) {
      await stopAll(running);
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** What a program said that has ended; undefined while all run. */
  get failure(): string | undefined {
    return failureOf(this.running);
  }

  async stop(): Promise<void> {
    await this.api.close();
    await stopAll(this.running);
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function reach(
  url: string,
  token: string,
  certificate: string,
  running: Running[],
): Promise<ApiServer> {
  let api: ApiServer | undefined;
  await until('the API server', async () => {
    const failure = failureOf(running);
    if (failure !== undefined) {
      throw new Error(failure);
    }
    const pem = contentOf(certificate);
    if (pem === undefined) {
      return false;
    }
    api ??= new ApiServer(url, token, pem);
    return api.ready();
  });
  return api ?? Promise.reject(new Error(`${url} has no certificate`));
}

/** Of a file that another process is about to write. */
function contentOf(file: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    return text.includes('-----END CERTIFICATE-----') ? text : undefined;
  } catch {
    return undefined;
  }
}

function failureOf(running: readonly Running[]): string | undefined {
  return running.map(({ failure }) => failure).find((failure) => failure !== undefined);
}

/** Clients first, etcd last. */
async function stopAll(running: readonly Running[]): Promise<void> {
  for (const process of [...running].reverse()) {
    await process.stop();
  }
}

async function privatePort(folder: string): Promise<string[]> {
  return [
    '--bind-address=127.0.0.1',
    `--secure-port=${await freePort()}`,
    `--cert-dir=${await mkdtemp(join(folder, 'tls-'))}`,
  ];
}

function signingKey(): string {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  }).privateKey;
}

function clientConfiguration(server: string, certificate: string, token: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'bench', cluster: { server, 'certificate-authority': certificate } }],
    users: [{ name: 'bench', user: { token } }],
    contexts: [{ name: 'bench', context: { cluster: 'bench', user: 'bench' } }],
    'current-context': 'bench',
  };
}
