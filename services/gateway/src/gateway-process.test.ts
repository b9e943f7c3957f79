import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { findNatsServer, startNatsServer } from '@mien/bus';

const MAIN = join(__dirname, '../dist/main.js');

/** The built gateway, as an operator starts it. */
function gatewayProcess(env: Record<string, string>): ChildProcessByStdio<null, Readable, Readable> {
  const settings = {
    PATH: process.env['PATH'],
    MIEN_GATEWAY_AUTH: 'none',
    MIEN_GATEWAY_GRPC_PORT: '0',
    MIEN_GATEWAY_HTTP_PORT: '0',
    ...env,
  };
  return spawn(process.execPath, [MAIN], { env: settings, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function readyLine(output: Readable): Promise<{ httpPort: number; opsPort: number }> {
  for await (const line of createInterface({ input: output })) {
    const entry = JSON.parse(line);
    if (entry.msg === 'ready') {
      return entry;
    }
  }
  throw new Error('the gateway ended before it was ready');
}

describe('the gateway process', () => {
  it('serves until SIGTERM, then leaves with 0', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mien-gateway-'));
    const binary = findNatsServer({
      explicit: process.env['MIEN_NATS_SERVER'],
      path: process.env['PATH'],
      folders: [join(__dirname, '../../../.mien/bin')],
    });
    const server = await startNatsServer({ binary, dataDir: join(folder, 'nats') });
    const child = gatewayProcess({ MIEN_NATS_URL: server.url, MIEN_DATA_DIR: folder });
    const exit = once(child, 'exit');
    const { httpPort, opsPort } = await readyLine(child.stdout);
    expect((await fetch(`http://127.0.0.1:${opsPort}/readyz`)).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${httpPort}/openapi.json`)).status).toBe(200);
    const metrics = await (await fetch(`http://127.0.0.1:${opsPort}/metrics`)).text();
    expect(metrics).toMatch(/mien_http_server_duration_seconds_count\{[^}]*route="\/openapi.json"[^}]*\} 1/);
    child.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
    await server.stop();
    await rm(folder, { recursive: true });
  });

  it('says which setting keeps it from starting', async () => {
    const child = gatewayProcess({ MIEN_URL_ALLOWED_NETWORKS: 'intranet', MIEN_GATEWAY_HTTP_PORT: 'eighty' });
    const [output, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect(code).toBe(1);
    expect(output).toContain('MIEN_URL_ALLOWED_NETWORKS: intranet is not a network');
    expect(output).toContain('MIEN_GATEWAY_HTTP_PORT');
  });
});
