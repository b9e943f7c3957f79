import { timingSafeEqual } from 'node:crypto';
import type { Cipher } from '@mien/encryption';
import { MienError } from '@mien/errors';
import { type StoredKey, StoredKeySecret } from '@mien/proto';
import { hashOf } from './key-text';

/** A new secret as it is kept. Throws CONFIGURATION_INVALID where a signing key's can't be encrypted. */
export function storedSecret(
  secret: string,
  { keyId, signing }: { readonly keyId: string; readonly signing: boolean },
  cipher: Cipher | undefined,
): StoredKeySecret {
  const sha256 = hashOf(secret);
  if (!signing) {
    return StoredKeySecret.fromPartial({ sha256 });
  }
  if (cipher === undefined) {
    throw new MienError(
      'CONFIGURATION_INVALID',
      'signing keys need MIEN_ENCRYPTION_KEYS: their secrets are kept encrypted',
      { metadata: { variable: 'MIEN_ENCRYPTION_KEYS' } },
    );
  }
  const sealed = cipher.seal(Buffer.from(secret), contextOf(keyId));
  return StoredKeySecret.fromPartial({ sha256, sealed, sealingKeyId: cipher.keyId });
}

/** What requests are signed with now; undefined for a key that is not for signing or can't be opened. */
export function signingSecretOf(
  { key, secrets: [newest] }: StoredKey,
  cipher: Cipher | undefined,
): string | undefined {
  if (key?.signing !== true || newest === undefined || cipher?.knows(newest.sealingKeyId) !== true) {
    return undefined;
  }
  return cipher.open(newest.sealed, newest.sealingKeyId, contextOf(key.id)).toString();
}

/** Whether a secret is one of the key's, in a time that tells nothing of how close it came. */
export function isSecretOf(hash: Uint8Array, { secrets }: StoredKey, now: number): boolean {
  return secrets
    .filter(({ until }) => until === undefined || until.getTime() > now)
    .map(({ sha256 }) => sha256.length === hash.length && timingSafeEqual(sha256, hash))
    .includes(true);
}

function contextOf(keyId: string): string {
  return `key ${keyId}`;
}
