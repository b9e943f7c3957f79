import { randomBytes } from 'node:crypto';
import type { Container } from '../policy/pods';
import type { Variables } from './services';

/** What secrets hold by the key that documentation names: of the form that services take. */
const SECRETS: Readonly<Record<string, string>> = {
  'access-key': 'mien',
  'secret-key': 'secret',
  'api-key': 'key',
  'admin-key': 'mien_admin_secret',
  'database-url': 'postgres://mien:secret@postgres:5432/mien',
  password: 'secret',
  token: 'token',
  'encryption-keys': randomBytes(32).toString('base64'),
};

/** A container's variables as it sees them: secrets looked up, $(NAME) put in. Throws for a key nobody documented. */
export function variablesOf({ env = [] }: Container): Variables {
  const variables: Record<string, string> = {};
  for (const { name, value, valueFrom } of env) {
    const text = value ?? secretOf(name, valueFrom);
    variables[name] = text.replace(/\$\((\w+)\)/g, (whole, other: string) => variables[other] ?? whole);
  }
  return variables;
}

function secretOf(name: string, source: object | undefined): string {
  const key = (source as { secretKeyRef?: { key: string } } | undefined)?.secretKeyRef?.key ?? '';
  const value = SECRETS[key];
  if (value === undefined) {
    throw new Error(`${name} comes from the key ${key}, which no secret has`);
  }
  return value;
}
