import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { MienError } from '@mien/errors';

/** Encrypts what is kept at rest. */
export interface Cipher {
  /** Names the key without telling it; kept beside what was encrypted. */
  readonly keyId: string;
  /** `context` is what the bytes belong to: they can't be opened as belonging to something else. */
  seal(plain: Uint8Array, context: string): Buffer;
  /** Throws when the bytes were changed, or sealed with another key or context. */
  open(sealed: Uint8Array, context: string): Buffer;
}

const KEY_BYTES = 32;
/** The nonce that GCM is made for: NIST SP 800-38D, 8.2. Random ones stay safe for 2^32 messages of a key (8.3). */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM. Sealed bytes are nonce, ciphertext and tag: 28 more than the plain ones. */
export class AesGcmCipher implements Cipher {
  readonly keyId: string;
  private readonly key: Buffer;

  /** Throws CONFIGURATION_INVALID unless the key has 32 bytes. */
  constructor(key: Uint8Array) {
    if (key.byteLength !== KEY_BYTES) {
      throw new MienError('CONFIGURATION_INVALID', `an encryption key has ${KEY_BYTES} bytes`);
    }
    this.key = Buffer.from(key);
    this.keyId = createHmac('sha256', this.key).update('mien key id').digest('hex').slice(0, 16);
  }

  seal(plain: Uint8Array, context: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce).setAAD(Buffer.from(context));
    return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  }

  open(sealed: Uint8Array, context: string): Buffer {
    const body = sealed.subarray(NONCE_BYTES, sealed.byteLength - TAG_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', this.key, sealed.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(context)).setAuthTag(sealed.subarray(sealed.byteLength - TAG_BYTES));
    return Buffer.concat([decipher.update(body), decipher.final()]);
  }
}
