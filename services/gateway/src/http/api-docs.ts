import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { JsonSchema } from './openapi/json-schema';

/** Nothing from elsewhere, nothing inline, and no page may frame this one. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mien API</title>
<link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

/** validatorUrl null: Swagger UI would otherwise ask a public service to check the document. */
const START_SCRIPT = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#ui',
  validatorUrl: null,
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  tryItOutEnabled: true,
});
`;

const PACKAGE_FILES = [
  ['swagger-ui.css', 'text/css; charset=utf-8'],
  ['swagger-ui-bundle.js', 'text/javascript; charset=utf-8'],
  ['favicon-32x32.png', 'image/png'],
] as const;

/** Serves /openapi.json and, at /docs, a page to browse it and try it out. */
export async function registerApiDocs(app: FastifyInstance, document: JsonSchema): Promise<void> {
  const documentText = JSON.stringify(document);
  app.get('/openapi.json', (_, reply) => reply.type('application/json; charset=utf-8').send(documentText));
  serve(app, '/docs', 'text/html; charset=utf-8', PAGE);
  serve(app, '/docs/start.js', 'text/javascript; charset=utf-8', START_SCRIPT);
  const folder = dirname(require.resolve('swagger-ui-dist/package.json'));
  for (const [name, type] of PACKAGE_FILES) {
    serve(app, `/docs/${name}`, type, await readFile(join(folder, name)));
  }
}

function serve(app: FastifyInstance, path: string, type: string, body: string | Buffer): void {
  app.get(path, (_, reply) =>
    reply
      .type(type)
      .headers({
        'content-security-policy': CONTENT_SECURITY_POLICY,
        'cross-origin-opener-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
      })
      .send(body),
  );
}
