import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { attributesFactory } from '@mien/attributes';
import { detectorFactory } from '@mien/detector';
import { embedderFactory } from '@mien/embedder';
import { gatewayConfigSchema } from '@mien/gateway';
import { landmarkFactory } from '@mien/landmark';
import { libraryConfigSchema } from '@mien/library';
import { livenessFactory } from '@mien/liveness';
import { notifierConfigSchema } from '@mien/notifier';
import { baseConfigSchema } from '@mien/service';
import { z } from 'zod';

const PAGE = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'configuration.md'), 'utf8');
const SCHEMAS: readonly z.ZodType[] = [
  baseConfigSchema,
  gatewayConfigSchema,
  libraryConfigSchema,
  notifierConfigSchema,
  ...[detectorFactory, landmarkFactory, attributesFactory, livenessFactory, embedderFactory].map(
    ({ configSchema }) => configSchema,
  ),
];

/** Variables that only the command line reads. */
const COMMAND_LINE = [
  'MIEN_ADDRESS',
  'MIEN_CLIENT_TLS_CA_FILE',
  'MIEN_CLIENT_TLS_CERT_FILE',
  'MIEN_CLIENT_TLS_KEY_FILE',
  'MIEN_CLIENT_TLS_SERVER_NAME',
  'MIEN_NATS_SERVER',
];

function variablesOf(schema: z.ZodType): string[] {
  return Object.keys(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }).properties ?? {});
}

describe('docs/configuration.md', () => {
  it('lists exactly the variables that are read', () => {
    const listed = [...PAGE.matchAll(/^\| `([A-Z0-9_]+)`/gm)].map(([, name]) => name);
    const read = [...SCHEMAS.flatMap(variablesOf), ...COMMAND_LINE];
    expect([...listed].sort()).toEqual([...new Set(read)].sort());
  });
});
