import type { KeyRing, RateLimits } from '@mien/access';
import type { SigningKeys } from './signing-keys';

/** Keys that were made for signing: the id is the SecretId, the secret the SecretKey. */
export function mienSigningKeys(ring: KeyRing, limits: RateLimits): SigningKeys {
  return {
    find: (secretId) => {
      const found = ring.findSigning(secretId, Date.now());
      if (found === undefined) {
        return undefined;
      }
      const { key, secret } = found;
      const { id: keyId, role, groupIds } = key;
      return {
        secretKey: secret,
        principal: { keyId, role, groupIds },
        admit: () => limits.take(key),
      };
    },
  };
}

/** The keys of all, the first that knows an id. */
export function allOf(sources: readonly SigningKeys[]): SigningKeys {
  return {
    find: (secretId) => {
      for (const source of sources) {
        const key = source.find(secretId);
        if (key !== undefined) {
          return key;
        }
      }
      return undefined;
    },
  };
}
