import { z } from 'zod';
import type { TlsFiles } from './tls-files';

/** Files of certificates, in settings. */
export const tlsFile = z.string().optional();

interface TlsVariables {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
  /** Whether authorities have to be given with the certificate. */
  readonly caNeeded: boolean;
}

/** The files that three variables name; none when none is set. What is missing is told to `missing`, variable by variable. */
export function tlsFilesIn(
  env: Readonly<Record<string, unknown>>,
  variables: TlsVariables,
  missing: (variable: string, message: string) => void,
): TlsFiles | undefined {
  const value = (variable: string) => {
    const found = env[variable];
    return typeof found === 'string' ? found : undefined;
  };
  const { cert, key, ca, caNeeded } = variables;
  const [certFile, keyFile, caFile] = [value(cert), value(key), value(ca)];
  if (certFile === undefined && keyFile === undefined && caFile === undefined) {
    return undefined;
  }
  for (const variable of caNeeded ? [cert, key, ca] : [cert, key]) {
    if (value(variable) === undefined) {
      const others = [cert, key, ca].filter((name) => value(name) !== undefined);
      missing(variable, `needed where ${others.join(' and ')} is set`);
    }
  }
  const own = { certFile: certFile ?? '', keyFile: keyFile ?? '' };
  return caFile === undefined ? own : { ...own, caFile };
}
