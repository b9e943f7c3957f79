import { spawnSync } from 'node:child_process';
import { STATUS_OF_REASON } from '@mien/errors';
import { Contract } from './contract';
import { openApiDocument } from './document';

const contract = Contract.load();
// As a client receives it: plain JSON.
const document = JSON.parse(
  JSON.stringify(openApiDocument(contract, '1.2.3', { defaultMs: 30_000, maximumMs: 300_000 })),
);
const schema = (name: string) => document.components.schemas[name];

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', () => {
    // The validator is an ES module, which Jest can't load: it runs in a process of its own.
    const validator = require.resolve('@seriousme/openapi-schema-validator');
    const script = `
      import { Validator } from ${JSON.stringify(validator)};
      import { text } from 'node:stream/consumers';
      const { valid, errors } = await new Validator().validate(JSON.parse(await text(process.stdin)));
      console.log(JSON.stringify({ valid, errors }));`;
    const input = JSON.stringify(document);
    const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: __dirname, input });
    expect(JSON.parse(run.stdout.toString() || run.stderr.toString())).toEqual({ valid: true });
    expect(document.openapi).toMatch(/^3\.1\./);
  });

  it('has every RPC of every service, each once', () => {
    const operations = Object.values<Record<string, { operationId: string }>>(document.paths).flatMap(
      (path) => Object.values(path).map(({ operationId }) => operationId),
    );
    const services = [
      'Face',
      'Library',
      'LibraryJob',
      'Clustering',
      'Job',
      'Notification',
      'DeadLetter',
      'Key',
      'Audit',
    ].map((name) => `mien.v1.${name}Service`);
    const rpcs = services.flatMap((name) => contract.service(name).methods.map((method) => method.localName));
    expect(operations.sort()).toEqual(rpcs.sort());
  });

  it('tells what path and query hold', () => {
    const { parameters, requestBody } = document.paths['/v1/groups/{groupId}/persons'].get;
    expect(parameters).toMatchObject([
      { name: 'groupId', in: 'path', required: true, schema: { type: 'string' } },
      { name: 'size', in: 'query', schema: { minimum: 0, maximum: 1000 } },
      { name: 'cursor', in: 'query' },
      { name: 'Request-Timeout-Ms', in: 'header' },
    ]);
    expect(parameters[1].schema.description).toMatch(/^At most so many entries/);
    expect(requestBody).toBeUndefined();
  });

  it('takes several photos where the contract does', () => {
    const form =
      document.paths['/v1/persons/{personId}/faces'].post.requestBody.content['multipart/form-data'];
    expect(form.schema.properties.images).toMatchObject({ type: 'array', maxItems: 20 });
    expect(schema('AddFacesRequest').properties.images).toMatchObject({ minItems: 1, maxItems: 20 });
    expect(schema('Person').properties.createdAt).toEqual({ type: 'string', format: 'date-time' });
  });

  it('takes an album as a form only, with its settings and a thousand photos', () => {
    const { content } = document.paths['/v1/clusters'].post.requestBody;
    expect(Object.keys(content)).toEqual(['multipart/form-data']);
    expect(content['multipart/form-data'].schema.properties).toMatchObject({
      request: { $ref: '#/components/schemas/ClusterSettings' },
      image: { type: 'array', maxItems: 1000 },
    });
    expect(schema('ClusterSettings').properties.minimumScore).toMatchObject({ minimum: 0, maximum: 100 });
    expect(schema('ClusterSettings').additionalProperties).toBe(false);
  });

  it('refers to nothing that it does not have', () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
      (match) => match[1],
    );
    expect(refs.length).toBeGreaterThan(20);
    for (const name of refs) {
      expect(schema(name ?? '')).toBeDefined();
    }
  });

  it('takes descriptions, names and kinds from the .proto files', () => {
    expect(document.paths['/v1/compare'].post.summary).toBe('Whether two photos show the same person.');
    expect(schema('Image').description).toMatch(/^A photo, given in one of two ways/);
    expect(schema('Image').properties.content).toMatchObject({ type: 'string', contentEncoding: 'base64' });
    expect(schema('DetectResponse').properties.faces).toMatchObject({
      type: 'array',
      items: { $ref: '#/components/schemas/Face' },
      description: 'Largest first. Empty when there is none.',
    });
    expect(schema('Priority')).toMatchObject({
      type: 'string',
      enum: ['PRIORITY_UNSPECIFIED', 'PRIORITY_INTERACTIVE', 'PRIORITY_BATCH'],
    });
    expect(schema('Mask').description).toContain('- `MASK_FULL`: Covers mouth and nose.');
  });

  it('shows the limits that requests are checked against', () => {
    expect(schema('DetectionOptions').properties.maxFaces).toMatchObject({ minimum: 0, maximum: 120 });
    expect(schema('DetectionOptions').properties.minFaceSize.anyOf).toEqual([
      { const: 0 },
      { minimum: 20, maximum: 4000 },
    ]);
    expect(schema('CheckLivenessRequest').properties.threshold).toMatchObject({ minimum: 0, maximum: 100 });
  });

  it('closes what comes in and leaves open what goes out', () => {
    expect(schema('DetectRequest').additionalProperties).toBe(false);
    expect(schema('Face').additionalProperties).toBeUndefined();
  });

  it('names every reason under its HTTP status', () => {
    const { responses } = document.paths['/v1/detect'].post;
    const told = Object.values<{ description: string }>(responses)
      .map((response) => response.description)
      .join(' ');
    for (const reason of Object.keys(STATUS_OF_REASON)) {
      expect(told).toContain(`\`${reason}\``);
    }
  });
});
