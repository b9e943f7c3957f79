import { readFile } from 'node:fs/promises';
import { MienError } from '@mien/errors';
import { Role } from '@mien/proto';
import { z } from 'zod';
import type { SigningKey, SigningKeys } from './signing-keys';

const ROLES = { read: Role.ROLE_READ, enrol: Role.ROLE_ENROL, admin: Role.ROLE_ADMIN } as const;

const entry = z.strictObject({
  secretId: z.string().regex(/^[^\s/,]{1,128}$/),
  secretKey: z.string().min(16),
  role: z.enum(['read', 'enrol', 'admin']),
});

/**
 * The keys of a file: a JSON object of secretId, secretKey and role (read, enrol, admin) on each line. Throws
 * CONFIGURATION_INVALID, without repeating the file's text.
 */
export async function readKeyFile(path: string): Promise<SigningKeys> {
  const keys = new Map<string, SigningKey>();
  for (const [index, line] of (await textOf(path)).split('\n').entries()) {
    if (line.trim() === '') {
      continue;
    }
    const { secretId, secretKey, role } = entryOf(line, index + 1);
    if (keys.has(secretId)) {
      throw wrong(index + 1, 'has a secretId that an earlier line has');
    }
    const principal = { keyId: secretId, role: ROLES[role], groupIds: [] };
    // Keys of a file have no limits.
    keys.set(secretId, { secretKey, principal, admit: () => undefined });
  }
  return { find: (secretId) => keys.get(secretId) };
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new MienError('CONFIGURATION_INVALID', 'the file of MIEN_TENCENT_KEYS_FILE can not be read', {
      cause: error,
    });
  }
}

function entryOf(line: string, number: number): z.output<typeof entry> {
  const read = entry.safeParse(jsonOf(line, number));
  if (!read.success) {
    const field = read.error.issues[0]?.path.join('.') ?? '';
    throw wrong(number, `is not a key: ${field === '' ? 'it has other fields' : `${field} is not valid`}`);
  }
  return read.data;
}

function jsonOf(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw wrong(number, 'is not JSON');
  }
}

function wrong(line: number, complaint: string): MienError {
  return new MienError('CONFIGURATION_INVALID', `MIEN_TENCENT_KEYS_FILE: line ${line} ${complaint}`);
}
