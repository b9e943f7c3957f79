import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020';
import { parse } from 'yaml';
import { repositoryRoot } from '../photos/repository';
import { readAs, SERVICES, unreadBy } from './environment/services';
import { type ComposeService, interpolated, readCompose } from './images/compose';
import { goIsThere, goModule } from './tools/go';

const DEPLOY = join(repositoryRoot(), 'deploy');
const FILE = join(DEPLOY, 'compose.yaml');
const COMPOSE = readCompose(FILE);
const withGo = goIsThere() ? it : it.skip;
const NAMES = Object.keys(COMPOSE.services);
const OURS = [...SERVICES, 'nats-provision', 'database-migration'];

/** What docs/operations/install-compose.md has one put into mien.env. */
const GIVEN = {
  MIEN_NATS_TOKEN: 'a',
  MIEN_POSTGRES_PASSWORD: 'b',
  MIEN_QDRANT_API_KEY: 'c',
  MIEN_S3_ACCESS_KEY: 'mien',
  MIEN_S3_SECRET_KEY: 'd',
  MIEN_GRAFANA_PASSWORD: 'e',
  MIEN_ENCRYPTION_KEYS: randomBytes(32).toString('base64'),
  MIEN_ADMIN_KEY_FILE: './admin-key',
};

function service(name: string): ComposeService {
  const found = COMPOSE.services[name];
  if (found === undefined) {
    throw new Error(`there is no ${name}`);
  }
  return found;
}

function variablesOf(name: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(service(name).environment ?? {}).map(([variable, value]) => [
      variable,
      interpolated(String(value), GIVEN),
    ]),
  );
}

/** What has to be there before it, directly or through others. Throws where they wait for each other. */
function before(name: string, path: readonly string[] = []): Set<string> {
  if (path.includes(name)) {
    throw new Error(`they wait for each other: ${[...path, name].join(' > ')}`);
  }
  const direct = Object.keys(service(name).depends_on ?? {});
  return new Set(direct.flatMap((other) => [other, ...before(other, [...path, name])]));
}

describe('deploy/compose.yaml', () => {
  withGo('is of the form that the Compose specification gives', async () => {
    const folder = await goModule('github.com/compose-spec/compose-go/v2@v2.16.2');
    const schema = JSON.parse(readFileSync(join(folder, 'schema', 'compose-spec.json'), 'utf8')) as object;
    const validate = new Ajv2020({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
    validate(parse(readFileSync(FILE, 'utf8'), { merge: true }));
    expect(validate.errors).toBeNull();
    validate({ services: { one: { image: 'a:1', read_onli: true } } });
    expect(JSON.stringify(validate.errors)).toContain('read_onli');
  });

  it('has every service, and what they stand on', () => {
    expect(NAMES).toEqual(expect.arrayContaining([...OURS, 'nats', 'postgres', 'qdrant', 'minio']));
    expect(NAMES).toEqual(expect.arrayContaining(['prometheus', 'grafana', 'otel-collector']));
  });

  it.each(SERVICES)('%s reads all of its environment, and starts with it', (name) => {
    expect(unreadBy(name, variablesOf(name))).toEqual([]);
    expect(() => readAs(name, variablesOf(name))).not.toThrow();
  });

  it.each(NAMES)('%s: an image of one version', (name) => {
    expect(interpolated(service(name).image, GIVEN)).toMatch(/:[^/:]*\d[^/:]*$/);
  });

  it.each(OURS)('%s: built from the Dockerfile under the name that its image has', (name) => {
    const { image, build } = service(name);
    expect(interpolated(image, {})).toBe(`ghcr.io/mien/mien-${build?.args['SERVICE']}:0.1.0`);
    expect(existsSync(join(DEPLOY, '..', build?.dockerfile ?? ''))).toBe(true);
  });

  it.each([...OURS, 'prometheus', 'grafana', 'otel-collector'])(
    '%s: may do and take no more than it needs',
    (name) => {
      expect(service(name)).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        mem_limit: expect.any(String),
        cpus: expect.any(Number),
      });
    },
  );

  it('waits for what is healthy or done, never for what can not tell', () => {
    for (const [name, { depends_on = {} }] of Object.entries(COMPOSE.services)) {
      for (const [other, { condition }] of Object.entries(depends_on)) {
        const told = condition !== 'service_healthy' || service(other).healthcheck !== undefined;
        expect({ name, other, told }).toEqual({ name, other, told: true });
      }
    }
  });

  it('starts the gateway last: after stores, streams, tables and the library', () => {
    const awaited = [...before('gateway')];
    const stores = ['nats', 'postgres', 'qdrant', 'minio'];
    expect(awaited).toEqual(
      expect.arrayContaining([...stores, 'nats-provision', 'database-migration', 'library']),
    );
  });

  it('has no password of its own: each that is missing is named', () => {
    const text = readFileSync(FILE, 'utf8');
    for (const name of Object.keys(GIVEN)) {
      const others = Object.fromEntries(Object.entries(GIVEN).filter(([other]) => other !== name));
      expect(() => interpolated(text, others)).toThrow(`${name} is missing`);
    }
    expect(() => interpolated(text, GIVEN)).not.toThrow();
  });

  it('opens ports for this machine only unless told otherwise', () => {
    const published = NAMES.flatMap((name) => service(name).ports ?? []).map((port) =>
      interpolated(port, {}),
    );
    expect(published.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    expect(published.length).toBeGreaterThan(5);
  });

  it('mounts files that are there', () => {
    const files = Object.values(COMPOSE.configs ?? {}).flatMap(({ file }) => file ?? []);
    const folders = NAMES.flatMap((name) => service(name).volumes ?? []).map(
      (volume) => volume.split(':')[0] ?? '',
    );
    const missing = [...files, ...folders.filter((path) => path.startsWith('.'))].filter(
      (path) => !existsSync(join(DEPLOY, path)),
    );
    expect(missing).toEqual([]);
  });
});
