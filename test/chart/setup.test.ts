import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '../photos/repository';
import { podsIn } from './policy/pods';
import { goIsThere } from './tools/go';
import { exampleFile, Helm, type KubernetesObject } from './tools/helm';

const run = promisify(execFile);
const withGo = goIsThere() ? describe : describe.skip;
const JOBS = ['mien-database-migration', 'mien-nats-provision'];

function hookOf({ metadata }: KubernetesObject): { when?: string; weight: number } {
  const { 'helm.sh/hook': when, 'helm.sh/hook-weight': weight } = metadata.annotations ?? {};
  return { ...(when === undefined ? {} : { when }), weight: Number(weight ?? 0) };
}

withGo('setting up', () => {
  let helm: Helm;
  const kindsOf = async (example: string, kind: string) =>
    (await helm.render([exampleFile(example)])).filter((object) => object.kind === kind);

  beforeAll(async () => {
    helm = await Helm.provide();
  }, 900_000);

  it('comes before everything else where servers are outside, with an account that is there by then', async () => {
    const jobs = await kindsOf('production', 'Job');
    const accounts = await kindsOf('production', 'ServiceAccount');
    expect(jobs.map(({ metadata }) => metadata.name).sort()).toEqual(JOBS);
    for (const job of jobs) {
      const account = accounts.find(({ metadata }) => metadata.name === job.metadata.name);
      expect(hookOf(job)).toEqual({ when: 'pre-install,pre-upgrade', weight: 0 });
      expect(account && hookOf(account)).toEqual({ when: 'pre-install,pre-upgrade', weight: -10 });
    }
  });

  it('needs nothing of the release before the release is there', async () => {
    const objects = await helm.render([exampleFile('production')]);
    const ordinary = objects.filter((object) => hookOf(object).when === undefined);
    const made = ordinary
      .filter(({ kind }) => ['Secret', 'ConfigMap'].includes(kind))
      .map(({ metadata }) => metadata.name);
    const jobs = objects.filter(({ kind }) => kind === 'Job');
    expect(made.filter((name) => JSON.stringify(jobs).includes(`"${name}"`))).toEqual([]);
  });

  it('leaves nothing that Helm would not uninstall', async () => {
    const objects = await helm.render([exampleFile('production')]);
    const hooks = objects.filter((object) => hookOf(object).when !== undefined);
    const kept = hooks.filter(
      ({ metadata }) =>
        metadata.annotations?.['helm.sh/hook-delete-policy'] !== 'before-hook-creation,hook-succeeded',
    );
    expect(hooks.length).toBeGreaterThan(JOBS.length);
    expect(kept.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([]);
  });

  it('is part of the release where the servers are, anew with each revision', async () => {
    const jobs = await kindsOf('small', 'Job');
    expect(jobs.map(({ metadata }) => metadata.name).sort()).toEqual(JOBS.map((name) => `${name}-1`));
    expect(jobs.map(hookOf)).toEqual([{ weight: 0 }, { weight: 0 }]);
  });

  it('runs programs that images have', () => {
    const programs = ['packages/cli/bin/mien.js', 'services/library/dist/migrate-main.js'];
    expect(programs.filter((file) => !existsSync(join(repositoryRoot(), file)))).toEqual([]);
  });
});

withGo('helm test', () => {
  const servers: Server[] = [];
  let args: readonly string[];

  /** A service that answers /readyz so. */
  const serviceThatSays = async (status: number): Promise<string> => {
    const server = createServer((request, response) => {
      response.writeHead(request.url === '/readyz' ? status : 404).end();
    }).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    const address = server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/readyz`;
  };
  const askedFor = (addresses: readonly string[]) =>
    run(process.execPath, ['-e', args[0] ?? '', ...addresses]);

  beforeAll(async () => {
    const helm = await Helm.provide();
    const pods = podsIn(await helm.render([exampleFile('small')]));
    args = pods.find(({ name }) => name === 'Pod mien-test-services')?.containers[0]?.args ?? [];
  }, 900_000);
  afterAll(() => {
    for (const server of servers) {
      server.close();
    }
  });

  it('asks every service', () => {
    expect(args.slice(1)).toHaveLength(8);
    expect(args.slice(1).every((address) => /^http:\/\/mien-[a-z]+:9464\/readyz$/.test(address))).toBe(true);
  });

  it('passes when all are ready', async () => {
    const { stdout } = await askedFor([await serviceThatSays(200), await serviceThatSays(200)]);
    expect(stdout.match(/ 200$/gm)).toHaveLength(2);
  });

  it('fails when one is not, or is not there', async () => {
    await expect(askedFor([await serviceThatSays(200), await serviceThatSays(503)])).rejects.toMatchObject({
      code: 1,
    });
    await expect(askedFor(['http://127.0.0.1:1/readyz'])).rejects.toMatchObject({ code: 1 });
  });
});
