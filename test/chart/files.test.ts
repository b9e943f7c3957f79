import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { repositoryRoot } from '../photos/repository';
import { goIsThere, onPath } from './tools/go';
import { CHART, exampleFile, Helm, type KubernetesObject } from './tools/helm';

const run = promisify(execFile);
const COPIES = [
  { from: join(repositoryRoot(), 'deploy', 'grafana', 'dashboards'), to: join(CHART, 'files', 'dashboards') },
  { from: join(repositoryRoot(), 'deploy', 'prometheus', 'rules'), to: join(CHART, 'files', 'rules') },
];
const RULES = join(CHART, 'files', 'rules');

const withGo = goIsThere() ? describe : describe.skip;
const PROMTOOL = onPath('promtool');
const withPromtool = PROMTOOL === undefined || !existsSync(RULES) ? describe.skip : describe;

function contentOf(folder: string): Record<string, string> {
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return Object.fromEntries(files.sort().map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
}

const withFiles = existsSync(COPIES[0]?.from ?? '') && existsSync(COPIES[1]?.from ?? '');
const describeFiles = withFiles ? describe : describe.skip;

describeFiles('files of the chart', () => {
  it.each(COPIES)('$to are those of deploy/: node helm/sync-files.mjs copies them', ({ from, to }) => {
    expect(contentOf(to)).toEqual(contentOf(from));
    expect(Object.keys(contentOf(to)).length).toBeGreaterThan(0);
  });
});

withGo('dashboards and alerts of a release', () => {
  let objects: KubernetesObject[];
  beforeAll(async () => {
    objects = await (await Helm.provide()).render([exampleFile('production')]);
  }, 900_000);

  it('are found by the label that Grafana looks for, each as it is', () => {
    const maps = objects.filter(({ metadata }) => metadata.labels?.['grafana_dashboard'] === '1');
    const shipped = Object.assign({}, ...maps.map(({ data }) => data)) as Record<string, string>;
    expect(Object.keys(shipped).sort()).toEqual(Object.keys(contentOf(join(CHART, 'files', 'dashboards'))));
    for (const [file, text] of Object.entries(contentOf(join(CHART, 'files', 'dashboards')))) {
      expect(JSON.parse(shipped[file] ?? '')).toEqual(JSON.parse(text));
    }
  });

  it('come with every group of rules, templates of their texts left as they are', () => {
    const shipped = objects
      .filter(({ kind }) => kind === 'PrometheusRule')
      .flatMap(({ spec }) => (spec as { groups: unknown[] }).groups);
    const written = Object.values(contentOf(RULES)).flatMap(
      (text) => (parse(text) as { groups: unknown[] }).groups,
    );
    expect(shipped).toEqual(written);
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
    const text = await readFile(join(repositoryRoot(), 'deploy', 'compose', 'prometheus.yaml'), 'utf8');
    await writeFile(file, text.replace('/etc/prometheus/rules', RULES));
    const { stdout } = await run(PROMTOOL ?? '', ['check', 'config', file]);
    await rm(folder, { recursive: true });
    expect(stdout).toContain('is valid prometheus config file syntax');
  });
});
