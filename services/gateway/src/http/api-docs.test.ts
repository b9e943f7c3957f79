import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import { registerApiDocs } from './api-docs';

describe('the API page', () => {
  const app = fastify();
  let base: string;

  beforeAll(async () => {
    await registerApiDocs(app, { openapi: '3.1.1' });
    await app.listen({ host: '127.0.0.1', port: 0 });
    base = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  });

  afterAll(() => app.close());

  it('comes with all that it loads, under a policy that lets nothing else in', async () => {
    const page = await fetch(`${base}/docs`);
    const html = await page.text();
    expect(page.headers.get('content-security-policy')).toContain(
      "default-src 'none'; script-src 'self'; style-src 'self'",
    );
    const loaded = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(loaded).toHaveLength(4);
    for (const path of loaded) {
      expect(path).toMatch(/^\/docs\//);
      expect((await fetch(base + path)).status).toBe(200);
    }
    expect(html).not.toMatch(/<script>|<style>| style=| on\w+=/);
  });

  it('shows the document', async () => {
    const script = await (await fetch(`${base}/docs/start.js`)).text();
    expect(script).toContain("url: '/openapi.json'");
    expect(await (await fetch(`${base}/openapi.json`)).json()).toEqual({ openapi: '3.1.1' });
  });
});
