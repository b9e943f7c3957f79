import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';

interface Dependency {
  readonly condition: string;
}

export interface ComposeService {
  readonly image: string;
  readonly build?: { readonly dockerfile: string; readonly args: Readonly<Record<string, string>> };
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly depends_on?: Readonly<Record<string, Dependency>>;
  readonly healthcheck?: object;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly mem_limit?: string;
  readonly cpus?: number;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly configs?: readonly (string | { readonly source: string })[];
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly configs?: Readonly<Record<string, { readonly file?: string; readonly content?: string }>>;
  readonly volumes?: Readonly<Record<string, unknown>>;
}

/** A compose file with those that it includes. */
export function readCompose(file: string): ComposeFile {
  const own = parse(readFileSync(file, 'utf8'), { merge: true }) as ComposeFile & {
    include?: readonly { readonly path: string }[];
  };
  return (own.include ?? [])
    .map(({ path }) => readCompose(join(dirname(file), path)))
    .reduce(
      (whole, part) => ({
        services: { ...part.services, ...whole.services },
        configs: { ...part.configs, ...whole.configs },
        volumes: { ...part.volumes, ...whole.volumes },
      }),
      own,
    );
}

/**
 * Puts variables in as Docker Compose does: `${NAME:-default}`, and `${NAME:?message}` for one that has to be given.
 * https://docs.docker.com/reference/compose-file/interpolation/
 */
export function interpolated(text: string, given: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name: string, kind: string, rest: string) => {
    const value = given[name];
    if (value === undefined && kind === '?') {
      throw new Error(`${name} is missing: ${rest}`);
    }
    return value ?? (kind === '-' ? rest : '');
  });
}
