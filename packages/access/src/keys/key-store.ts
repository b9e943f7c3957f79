import { type Bus, KEYS_BUCKET, Shelf } from '@mien/bus';
import type { Cipher } from '@mien/encryption';
import { MienError } from '@mien/errors';
import { ApiKey, Role, StoredKey } from '@mien/proto';
import { Kvm } from '@nats-io/kv';
import { holds, type KeyRing } from './key-ring';
import { storedSecret } from './key-secrets';
import { hashOf, newKeyText, newSecret, readKeyText, writeKeyText } from './key-text';

/** Of all ever made: revoked ones stay, so that the audit trail's ids keep their names. */
const MAX_KEYS = 10_000;

export type WantedKey = Pick<
  ApiKey,
  'name' | 'role' | 'groupIds' | 'requestsPerSecond' | 'burst' | 'expiresAt' | 'signing'
>;

/** A key with its secret, which is told this once. */
export interface SecretKey {
  readonly key: ApiKey;
  /** The whole text to send. */
  readonly text: string;
  readonly secret: string;
}

/** Makes and changes keys. Each method resolves when this gateway's ring knows it. */
export class KeyStore {
  private constructor(
    private readonly shelf: Shelf<StoredKey>,
    private readonly ring: KeyRing,
    private readonly cipher: Cipher | undefined,
  ) {}

  static async open(bus: Bus, ring: KeyRing, cipher: Cipher | undefined): Promise<KeyStore> {
    const kv = await new Kvm(bus.js).open(KEYS_BUCKET);
    return new KeyStore(new Shelf(kv, StoredKey), ring, cipher);
  }

  /** Throws LIMIT_REACHED, and CONFIGURATION_INVALID for signing keys where nothing can be encrypted. */
  async create(wanted: WantedKey): Promise<SecretKey> {
    if (this.ring.keys.length >= MAX_KEYS) {
      throw new MienError('LIMIT_REACHED', `there are ${MAX_KEYS} keys already`, {
        metadata: { limit: 'keys', maximum: String(MAX_KEYS) },
      });
    }
    const { id, secret } = newKeyText();
    const key = ApiKey.fromPartial({ ...wanted, id, createdAt: new Date() });
    const secrets = [storedSecret(secret, { keyId: id, signing: wanted.signing }, this.cipher)];
    await this.shelf.create(id, { key, secrets });
    await this.ring.upToDate();
    return { key, secret, text: writeKeyText({ id, secret }) };
  }

  /** Oldest first. */
  list(): ApiKey[] {
    const age = ({ createdAt }: ApiKey) => createdAt?.getTime() ?? 0;
    return this.ring.keys.toSorted((a, b) => age(a) - age(b) || (a.id < b.id ? -1 : 1));
  }

  /** Throws KEY_NOT_FOUND. */
  async get(id: string): Promise<ApiKey> {
    return keyOf(id, isKeyId(id) ? await this.shelf.read(id) : undefined);
  }

  /** Gives the key a new secret; the present one holds for so long. Throws KEY_NOT_FOUND, KEY_INVALID for a revoked one. */
  async rotate(id: string, graceSeconds: number): Promise<SecretKey> {
    const secret = newSecret();
    const key = await this.change(id, (stored, known) => {
      if (known.revokedAt !== undefined) {
        throw new MienError('KEY_INVALID', 'the key was revoked', { metadata: { keyId: id } });
      }
      const now = Date.now();
      const until = new Date(now + graceSeconds * 1_000);
      const [present] = stored.secrets;
      const kept = present === undefined || graceSeconds === 0 ? [] : [{ ...present, until }];
      const fresh = storedSecret(secret, { keyId: id, signing: known.signing }, this.cipher);
      return { key: { ...known, rotatedAt: new Date(now) }, secrets: [fresh, ...kept] };
    });
    return { key, secret, text: writeKeyText({ id, secret }) };
  }

  /** Throws KEY_NOT_FOUND, and LAST_ADMIN_KEY when no other admin key holds. Asked again, it changes nothing. */
  async revoke(id: string): Promise<ApiKey> {
    await this.ring.upToDate();
    this.expectOtherAdmin(await this.get(id));
    const key = await this.change(id, (stored, known) =>
      known.revokedAt === undefined ? { ...stored, key: { ...known, revokedAt: new Date() } } : stored,
    );
    try {
      this.expectOtherAdmin(key);
    } catch (error) {
      // Two of the last admin keys revoked at once: neither is.
      await this.change(id, (stored, known) => ({ ...stored, key: { ...known, revokedAt: undefined } }));
      throw error;
    }
    return key;
  }

  /**
   * Makes an admin key of the given text, unless there is a key of its id: then that one stays as it is, revoked or not.
   * Throws CONFIGURATION_INVALID for a text that is no key.
   */
  async provideAdmin(text: string, name: string): Promise<void> {
    const given = readKeyText(text);
    if (given === undefined) {
      throw new MienError('CONFIGURATION_INVALID', 'the admin key is not of the form mien_<id>_<secret>');
    }
    const { id, secret } = given;
    const key = ApiKey.fromPartial({ id, name, role: Role.ROLE_ADMIN, createdAt: new Date() });
    await this.shelf.create(id, StoredKey.fromPartial({ key, secrets: [{ sha256: hashOf(secret) }] }));
    await this.ring.upToDate();
  }

  private expectOtherAdmin(key: ApiKey): void {
    const now = Date.now();
    const counts = key.role === Role.ROLE_ADMIN && (key.revokedAt !== undefined || holds(key, now));
    if (counts && this.ring.otherAdmins(key.id, now).length === 0) {
      throw new MienError('LAST_ADMIN_KEY', 'no other admin key holds', { metadata: { keyId: key.id } });
    }
  }

  private async change(id: string, next: (stored: StoredKey, key: ApiKey) => StoredKey): Promise<ApiKey> {
    if (!isKeyId(id)) {
      throw notFound(id);
    }
    const changed = await this.shelf.change(id, (stored) =>
      stored === undefined ? undefined : next(stored, keyOf(id, stored)),
    );
    await this.ring.upToDate();
    return keyOf(id, changed);
  }
}

const ID = /^[0-9a-f]{20}$/;

function isKeyId(id: string): boolean {
  return ID.test(id);
}

function keyOf(id: string, stored: StoredKey | undefined): ApiKey {
  if (stored?.key === undefined) {
    throw notFound(id);
  }
  return stored.key;
}

function notFound(id: string): MienError {
  return new MienError('KEY_NOT_FOUND', `there is no key ${id}`, { metadata: { keyId: id } });
}
