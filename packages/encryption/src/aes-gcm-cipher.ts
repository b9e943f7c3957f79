import { AesGcmKey } from './aes-gcm-key';
import type { Cipher } from './cipher';

/** AES-256-GCM with keys that may be changed: new bytes are sealed with the first, older ones opened with theirs. */
export class AesGcmCipher implements Cipher {
  private readonly current: AesGcmKey;
  private readonly keys: ReadonlyMap<string, AesGcmKey>;

  /** Keys have 32 bytes; throws CONFIGURATION_INVALID for others. */
  constructor(key: Uint8Array, ...olderKeys: readonly Uint8Array[]) {
    this.current = new AesGcmKey(key);
    const all = [this.current, ...olderKeys.map((older) => new AesGcmKey(older))];
    this.keys = new Map(all.map((each) => [each.id, each]));
  }

  get keyId(): string {
    return this.current.id;
  }

  knows(keyId: string): boolean {
    return this.keys.has(keyId);
  }

  seal(plain: Uint8Array, context: string): Buffer {
    return this.current.seal(plain, context);
  }

  open(sealed: Uint8Array, keyId: string, context: string): Buffer {
    const key = this.keys.get(keyId);
    if (key === undefined) {
      throw new Error(`the key ${keyId} is not known`);
    }
    return key.open(sealed, context);
  }

  pseudonym(name: string): string {
    return this.current.pseudonym(name);
  }
}
