import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { repositoryRoot } from '../photos/repository';
import { goIsThere, onPath } from './tools/go';
import { exampleFile, Helm, type KubernetesObject } from './tools/helm';

const run = promisify(execFile);
const DEPLOY = join(repositoryRoot(), 'deploy');
/** The chart has links to them. */
const DASHBOARDS = join(DEPLOY, 'grafana', 'dashboards');
const RULES = join(DEPLOY, 'prometheus', 'rules');

const withGo = goIsThere() ? describe : describe.skip;
const PROMTOOL = onPath('promtool');
const withPromtool = PROMTOOL === undefined ? describe.skip : describe;

interface Groups {
  readonly groups: readonly unknown[];
}

function contentOf(folder: string): [string, string][] {
  return readdirSync(folder)
    .sort()
    .map((file) => [file, readFileSync(join(folder, file), 'utf8')]);
}

withGo('dashboards and alerts of a release', () => {
  let objects: KubernetesObject[];
  beforeAll(async () => {
    objects = await (await Helm.provide()).render([exampleFile('production')]);
  }, 900_000);

  it('are found by the label that Grafana looks for, each as it is', () => {
    const maps = objects.filter(({ metadata }) => metadata.labels?.['grafana_dashboard'] === '1');
    const shipped = Object.assign({}, ...maps.map(({ data }) => data)) as Record<string, string>;
    const texts = contentOf(DASHBOARDS);
    expect(Object.keys(shipped).sort()).toEqual(texts.map(([file]) => file));
    for (const [file, text] of texts) {
      expect(JSON.parse(shipped[file] ?? '')).toEqual(JSON.parse(text));
    }
  });

  it('come with every group of rules, templates of their texts left as they are', () => {
    const shipped = objects
      .filter(({ kind }) => kind === 'PrometheusRule')
      .flatMap(({ spec }) => (spec as Groups).groups);
    expect(shipped).toEqual(contentOf(RULES).flatMap(([, text]) => (parse(text) as Groups).groups));
    expect(shipped).not.toHaveLength(0);
  });
});

withPromtool('promtool', () => {
  it('takes every file of rules', async () => {
    const files = readdirSync(RULES).map((file) => join(RULES, file));
    const { stdout } = await run(PROMTOOL ?? '', ['check', 'rules', ...files]);
    expect(stdout.match(/SUCCESS: \d+ rules found/g)).toHaveLength(files.length);
  });

  it('takes the configuration of the compose file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mien-prometheus-'));
    const file = join(folder, 'prometheus.yaml');
    const text = await readFile(join(DEPLOY, 'compose', 'prometheus.yaml'), 'utf8');
    await writeFile(file, text.replace('/etc/prometheus/rules', RULES));
    const { stdout } = await run(PROMTOOL ?? '', ['check', 'config', file]);
    await rm(folder, { recursive: true });
    expect(stdout).toContain('is valid prometheus config file syntax');
  });
});
