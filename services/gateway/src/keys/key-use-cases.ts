import type { KeyStore } from '@mien/access';
import type { KeyServiceService } from '@mien/proto';
import { pageOf } from '../notifications/pages';
import { FIELD_LIMITS } from '../usecases/limits';
import type { Methods } from '../usecases/methods';
import { checkNumber } from '../usecases/validation';
import { validateNewKey } from './validation';

/** mien.v1.KeyService without a transport. */
export type KeyUseCases = Methods<typeof KeyServiceService>;

interface KeyParts {
  readonly store: KeyStore;
  /** Drops the endpoints and rules of a key: what is seen is told to nobody on behalf of one that was revoked. */
  dropNotificationsOf(keyId: string): Promise<void>;
}

const NEVER = new Date(0);

export function keyUseCases({ store, dropNotificationsOf }: KeyParts): KeyUseCases {
  return {
    createKey: async (request) => {
      validateNewKey(request, Date.now());
      const { key, text, secret } = await store.create(request);
      return { key, secret: text, signingSecret: key.signing ? secret : '' };
    },
    getKey: async ({ id }) => ({ key: await store.get(id) }),
    listKeys: async ({ page }) => {
      const listed = store.list().map((key) => ({ id: key.id, createdAt: key.createdAt ?? NEVER, key }));
      const { entries, nextCursor } = pageOf(listed, page);
      return { keys: entries.map(({ key }) => key), nextCursor };
    },
    rotateKey: async ({ id, graceSeconds }) => {
      checkNumber('grace_seconds', graceSeconds, FIELD_LIMITS['mien.v1.RotateKeyRequest.grace_seconds']);
      const { key, text, secret } = await store.rotate(id, graceSeconds);
      return { key, secret: text, signingSecret: key.signing ? secret : '' };
    },
    revokeKey: async ({ id }) => {
      const key = await store.revoke(id);
      await dropNotificationsOf(id);
      return { key };
    },
  };
}
