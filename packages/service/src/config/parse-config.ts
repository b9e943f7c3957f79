import { MienError } from '@mien/errors';
import type { z } from 'zod';

type Schemas = Readonly<Record<string, z.ZodType>>;
type Parsed<S extends Schemas> = { readonly [Name in keyof S]: z.infer<S[Name]> };

/** An environment, as process.env has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads settings out of environment variables. Throws CONFIGURATION_INVALID naming every variable that is wrong,
 * of all schemas, at once. A variable that is set to nothing counts as not set.
 */
export function parseConfig<S extends Schemas>(schemas: S, env: Environment): Parsed<S> {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed: Record<string, unknown> = {};
  const wrong = new Map<string, string>();
  for (const [name, schema] of Object.entries(schemas)) {
    const result = schema.safeParse(given);
    if (result.success) {
      parsed[name] = result.data;
    } else {
      for (const issue of result.error.issues) {
        wrong.set(issue.path.join('.') || name, issue.message);
      }
    }
  }
  if (wrong.size > 0) {
    const lines = [...wrong].map(([variable, message]) => `${variable}: ${message}`);
    throw new MienError('CONFIGURATION_INVALID', `the configuration is wrong\n  ${lines.join('\n  ')}`, {
      metadata: Object.fromEntries(wrong),
    });
  }
  return parsed as Parsed<S>;
}
