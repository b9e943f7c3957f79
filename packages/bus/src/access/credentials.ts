import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MienError } from '@mien/errors';
import { nkeys } from '@nats-io/transport-node';

/** A key pair of NATS: the server knows the public half, the seed stays with its user. */
export interface BusCredentials {
  readonly publicKey: string;
  readonly seed: string;
}

/** https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_intro/nkey_auth */
export function newCredentials(): BusCredentials {
  return credentialsOf(nkeys.createUser());
}

/** Throws CONFIGURATION_INVALID for what is no seed of a user. */
export function credentialsIn(seed: string): BusCredentials {
  try {
    return credentialsOf(nkeys.fromSeed(Buffer.from(seed.trim())));
  } catch {
    // Without its cause, which might repeat the seed.
    throw new MienError('CONFIGURATION_INVALID', 'the seed of a NATS user can not be read');
  }
}

export interface FiledCredentials extends BusCredentials {
  readonly seedFile: string;
}

/** The credentials of a user in a folder, made when they are not there yet, for their owner's eyes only. */
export async function fileCredentials(folder: string, user: string): Promise<FiledCredentials> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const seedFile = join(folder, `${user}.nk`);
  const made = newCredentials();
  try {
    await writeFile(seedFile, `${made.seed}\n`, { mode: 0o600, flag: 'wx' });
    return { ...made, seedFile };
  } catch (error) {
    if (!isThere(error)) {
      throw error;
    }
    return { ...credentialsIn(await readFile(seedFile, 'utf8')), seedFile };
  }
}

function credentialsOf(pair: ReturnType<typeof nkeys.createUser>): BusCredentials {
  return { publicKey: pair.getPublicKey(), seed: Buffer.from(pair.getSeed()).toString('ascii') };
}

function isThere(error: unknown): boolean {
  return typeof error === 'object' && error !== null && Reflect.get(error, 'code') === 'EEXIST';
}
