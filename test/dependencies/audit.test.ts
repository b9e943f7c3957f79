import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { repositoryRoot } from '../photos/repository';

interface Advisory {
  readonly url: string;
  readonly title: string;
  readonly severity: string;
  readonly vulnerable_versions: string;
}

/** The audit of this repository's own dependencies, against a registry that says what a test wants. */
describe('the audit of dependencies', () => {
  let registry: Server;
  let asked: Record<string, string[]>;
  let answer: { status: number; advisories: Record<string, Advisory[]> };

  beforeAll(async () => {
    registry = createServer((request: IncomingMessage, response) => {
      void json(request).then((body) => {
        asked = body as Record<string, string[]>;
        const found = request.url === '/npm/-/npm/v1/security/advisories/bulk';
        response.writeHead(found ? answer.status : 404).end(JSON.stringify(answer.advisories));
      });
    });
    registry.listen(0, '127.0.0.1');
    await once(registry, 'listening');
  });

  afterAll(() => registry.close());

  const audit = async (status: number, advisories: Record<string, Advisory[]>) => {
    answer = { status, advisories };
    const { port } = registry.address() as AddressInfo;
    const script = join(repositoryRoot(), 'scripts', 'audit.mjs');
    const child = spawn(process.execPath, [script, '--registry', `http://127.0.0.1:${port}/npm`]);
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    const [code] = await once(child, 'close');
    return { code, output };
  };

  const advisory = (severity: string, versions: string): Advisory => ({
    url: 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc',
    title: 'Something is wrong',
    severity,
    vulnerable_versions: versions,
  });

  it('asks about what production code stands on, and about nothing else', async () => {
    const { code, output } = await audit(200, {});
    expect(output).toMatch(/licences: all \d+ production dependencies/);
    expect(code).toBe(0);
    expect(asked['fastify']).toEqual([expect.stringMatching(/^\d+\.\d+\.\d+/)]);
    expect(asked).not.toHaveProperty('jest');
  });

  it('fails for a high or critical advisory about a version that is used', async () => {
    for (const severity of ['high', 'critical']) {
      const { code, output } = await audit(200, { fastify: [advisory(severity, '>=0.0.1')] });
      expect(output).toMatch(new RegExp(`fastify .*${severity}.*FAILS`));
      expect(code).toBe(1);
    }
  });

  it('only tells of others', async () => {
    const { code, output } = await audit(200, {
      fastify: [advisory('moderate', '>=0.0.1'), advisory('critical', '<0.0.1')],
    });
    expect(output).toContain('1 advisories, 0 of them fail');
    expect(code).toBe(0);
  });

  it('says so, and passes, where the registry has no audit', async () => {
    const { code, output } = await audit(405, {});
    expect(output).toContain('audit: not done, as the registry has no audit endpoint (status 405)');
    expect(code).toBe(0);
  });
});
