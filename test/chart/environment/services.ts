import { attributesFactory } from '@mien/attributes';
import { detectorFactory } from '@mien/detector';
import { embedderFactory } from '@mien/embedder';
import { gatewayConfigSchema } from '@mien/gateway';
import { landmarkFactory } from '@mien/landmark';
import { libraryConfigSchema } from '@mien/library';
import { livenessFactory } from '@mien/liveness';
import { notifierConfigSchema } from '@mien/notifier';
import { baseConfigSchema, parseConfig } from '@mien/service';
import { z } from 'zod';

/** What each service reads beside what all read. */
const OWN_SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  attributes: attributesFactory.configSchema,
  detector: detectorFactory.configSchema,
  embedder: embedderFactory.configSchema,
  gateway: gatewayConfigSchema,
  landmark: landmarkFactory.configSchema,
  library: libraryConfigSchema,
  liveness: livenessFactory.configSchema,
  notifier: notifierConfigSchema,
};

export const SERVICES = Object.keys(OWN_SCHEMAS);

export type Variables = Readonly<Record<string, string>>;

/** Those of the variables that the service does not read, and that look as if it were meant to. */
export function unreadBy(service: string, variables: Variables): string[] {
  const read = [baseConfigSchema, OWN_SCHEMAS[service] ?? z.object({})].flatMap(namesIn);
  return Object.keys(variables).filter((name) => /^(MIEN|OTEL)_/.test(name) && !read.includes(name));
}

/** Reads them as the service does when it starts. Throws what it would refuse to start with. */
export function readAs(service: string, variables: Variables): void {
  parseConfig({ base: baseConfigSchema, own: OWN_SCHEMAS[service] ?? z.object({}) }, variables);
}

function namesIn(schema: z.ZodType): string[] {
  return Object.keys(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }).properties ?? {});
}
