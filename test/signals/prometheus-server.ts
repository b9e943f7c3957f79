import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { onPath } from '../chart/tools/go';
import { repositoryRoot } from '../photos/repository';

export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  /** Seconds since 1970, and the value. */
  readonly values: readonly (readonly [number, string])[];
}

export interface Target {
  readonly service: string;
  /** host:port of its ops server. */
  readonly address: string;
}

/** Often, so that a short run has many points. */
const SCRAPE_SECONDS = 1;
const POLL_MS = 200;

export const PROMETHEUS = onPath('prometheus');

/** A Prometheus of the test's own, which scrapes the services and has the rules that are shipped. */
export class PrometheusServer {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    private readonly url: string,
    private readonly targets: readonly Target[],
  ) {}

  static async start(targets: readonly Target[]): Promise<PrometheusServer> {
    const folder = await mkdtemp(join(tmpdir(), 'mien-prometheus-'));
    const config = join(folder, 'prometheus.json');
    await writeFile(config, JSON.stringify(configOf(targets)));
    const port = await freePort();
    const child = spawn(
      PROMETHEUS ?? 'prometheus',
      [
        `--config.file=${config}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { stdio: 'ignore' },
    );
    const server = new PrometheusServer(child, folder, `http://127.0.0.1:${port}`, targets);
    await server.until(async () => (await fetch(`${server.url}/-/ready`)).ok);
    return server;
  }

  /** Every series of the expression over the last seconds. */
  async range(expr: string, seconds: number, stepSeconds = SCRAPE_SECONDS): Promise<Series[]> {
    const end = Date.now() / 1_000;
    const query = { query: expr, start: String(end - seconds), end: String(end), step: String(stepSeconds) };
    const { result } = await this.ask<{ result: Series[] }>(`query_range?${new URLSearchParams(query)}`);
    return result;
  }

  async value(expr: string): Promise<number | undefined> {
    const { result } = await this.ask<{ result: { value: [number, string] }[] }>(
      `query?${new URLSearchParams({ query: expr })}`,
    );
    const [first] = result;
    return first === undefined ? undefined : Number(first.value[1]);
  }

  /** Names of all metrics that a service has. */
  namesOf(service: string): Promise<string[]> {
    const match = { 'match[]': `{service="${service}"}` };
    return this.ask(`label/__name__/values?${new URLSearchParams(match)}`);
  }

  /** Every rule with what Prometheus thinks of it: ok, unknown or err. */
  async rules(): Promise<{ readonly name: string; readonly health: string }[]> {
    const { groups } = await this.ask<{ groups: { rules: { name: string; health: string }[] }[] }>('rules');
    return groups.flatMap(({ rules }) => rules);
  }

  /** Returns when every target was scraped from now on. */
  async scrapedAll(): Promise<void> {
    const from = Date.now() / 1_000;
    const expr = `count(timestamp(up{job="mien"}) > ${from})`;
    await this.until(async () => (await this.value(expr)) === this.targets.length);
  }

  async until(wanted: () => Promise<boolean>): Promise<void> {
    while (!(await wanted().catch(() => false))) {
      if (this.child.exitCode !== null) {
        throw new Error('Prometheus has ended');
      }
      await setTimeout(POLL_MS);
    }
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null) {
      const ended = new Promise((resolve) => this.child.once('exit', resolve));
      this.child.kill('SIGTERM');
      await ended;
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  private async ask<T>(path: string): Promise<T> {
    const response = await fetch(`${this.url}/api/v1/${path}`);
    const answer = (await response.json()) as { status: string; data: T; error?: string };
    if (answer.status !== 'success') {
      throw new Error(`Prometheus: ${answer.error}: ${path}`);
    }
    return answer.data;
  }
}

/** Labels as the shipped configuration gives them. JSON is YAML. */
function configOf(targets: readonly Target[]): object {
  return {
    global: { scrape_interval: `${SCRAPE_SECONDS}s`, evaluation_interval: `${SCRAPE_SECONDS}s` },
    rule_files: [join(repositoryRoot(), 'deploy', 'prometheus', 'rules', '*.yaml')],
    scrape_configs: [
      {
        job_name: 'mien',
        honor_labels: true,
        static_configs: targets.map(({ service, address }) => ({ targets: [address], labels: { service } })),
      },
    ],
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
