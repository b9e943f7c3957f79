import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packagedPhotos } from '../photos/packaged';
import { SERVICES } from './environment/services';
import { podsIn } from './policy/pods';
import { LocalRelease, lackingForRelease } from './release/local-release';
import { goIsThere } from './tools/go';
import { exampleFile, Helm, type KubernetesObject } from './tools/helm';

const run = promisify(execFile);
const possible = goIsThere() && lackingForRelease().length === 0 ? describe : describe.skip;

possible('a release with its own servers, as processes of this machine', () => {
  let folder: string;
  let objects: KubernetesObject[];
  let release: LocalRelease;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mien-release-'));
    objects = await (await Helm.provide()).render([exampleFile('small')], ['nats.auth=nkeys']);
    release = await LocalRelease.start(folder, objects);
  }, 900_000);

  afterAll(async () => {
    await release?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('is ready, by what helm test asks', async () => {
    const [test] = podsIn(objects).filter(({ name }) => name === 'Pod mien-test-services');
    const program = test?.containers[0]?.args?.[0] ?? '';
    const addresses = SERVICES.map((name) => `http://127.0.0.1:${release.ports.get(name)?.opsPort}/readyz`);
    const { stdout } = await run(process.execPath, ['-e', program, ...addresses]);
    expect(stdout.match(/ 200$/gm)).toHaveLength(SERVICES.length);
  });

  it('answers at the front door: a photo through the line, a group through the library', async () => {
    const [photo] = packagedPhotos();
    const detected = JSON.parse(await release.command('detect', photo?.path ?? '', '--json')) as {
      faces: unknown[];
    };
    expect(detected.faces).toHaveLength(photo?.people ?? 0);
    await release.command('group', 'create', 'staff', '--name', 'Staff');
    expect(await release.command('group', 'list')).toContain('staff');
  });
});
