import { BucketView, type Bus, KEYS_BUCKET } from '@mien/bus';
import type { Cipher } from '@mien/encryption';
import { MienError } from '@mien/errors';
import { type ApiKey, Role, StoredKey } from '@mien/proto';
import type { Logger } from 'pino';
import { isSecretOf, signingSecretOf } from './key-secrets';
import { hashOf, readKeyText } from './key-text';

export interface KeyRingOptions {
  readonly bus: Bus;
  /** For the secrets of signing keys. */
  readonly cipher: Cipher | undefined;
  readonly logger: Logger;
}

/** A key that requests are signed with. */
export interface SigningApiKey {
  readonly key: ApiKey;
  readonly secret: string;
}

/**
 * All keys, as they are now: what is changed through any gateway is seen by all as soon as the bus has told them. Nothing
 * is asked when a request comes.
 */
export class KeyRing {
  private constructor(
    private readonly view: BucketView<StoredKey>,
    private readonly options: KeyRingOptions,
  ) {}

  /** Resolves when all keys are known. */
  static async open(options: KeyRingOptions): Promise<KeyRing> {
    const parts = { bus: options.bus, bucket: KEYS_BUCKET, logger: options.logger };
    return new KeyRing(await BucketView.open(parts, (_, bytes) => StoredKey.decode(bytes)), options);
  }

  get keys(): ApiKey[] {
    return [...this.view.all.values()].flatMap(({ key }) => (key === undefined ? [] : [key]));
  }

  /** Whose the text is. Throws KEY_INVALID, which does not tell what is wrong with it. */
  authenticate(text: string, now: number): ApiKey {
    const given = readKeyText(text);
    const stored = given && this.view.all.get(given.id);
    const isRight =
      given !== undefined && stored !== undefined && isSecretOf(hashOf(given.secret), stored, now);
    const key = stored?.key;
    if (!isRight || key === undefined || !holds(key, now)) {
      throw new MienError('KEY_INVALID', 'the key is not known, or does not hold any more');
    }
    return key;
  }

  /** Undefined unless the id is a signing key's that holds. */
  findSigning(id: string, now: number): SigningApiKey | undefined {
    const stored = this.view.all.get(id);
    if (stored?.key === undefined || !holds(stored.key, now)) {
      return undefined;
    }
    const secret = signingSecretOf(stored, this.options.cipher);
    return secret === undefined ? undefined : { key: stored.key, secret };
  }

  /** Admin keys that hold, beside the one of the id. */
  otherAdmins(id: string, now: number): ApiKey[] {
    return this.keys.filter((key) => key.id !== id && key.role === Role.ROLE_ADMIN && holds(key, now));
  }

  /** Resolves when everything written before the call is seen here. */
  upToDate(): Promise<void> {
    return this.view.upToDate();
  }

  close(): void {
    this.view.stop();
  }
}

/** Whether a key is neither revoked nor past its time. */
export function holds({ revokedAt, expiresAt }: ApiKey, now: number): boolean {
  return revokedAt === undefined && (expiresAt === undefined || expiresAt.getTime() > now);
}
