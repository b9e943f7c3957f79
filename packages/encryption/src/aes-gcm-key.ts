import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { MienError } from '@mien/errors';

const KEY_BYTES = 32;
/** The nonce that GCM is made for: NIST SP 800-38D, 8.2. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * One key of AES-256-GCM. Sealed bytes are nonce, ciphertext and tag: 28 more than the plain ones.
 *
 * A key takes no more than 2^32 random nonces (NIST SP 800-38D, 8.3), which a busy line would use up in a year or
 * two. So each context has a key of its own, derived from this one: what is counted are the bytes ever sealed for
 * one face or one blob.
 */
export class AesGcmKey {
  readonly id: string;
  private readonly key: Buffer;

  /** Throws CONFIGURATION_INVALID unless the key has 32 bytes. */
  constructor(key: Uint8Array) {
    if (key.byteLength !== KEY_BYTES) {
      throw new MienError('CONFIGURATION_INVALID', `an encryption key has ${KEY_BYTES} bytes`);
    }
    this.key = Buffer.from(key);
    this.id = this.derive('mien key id').toString('hex').slice(0, 16);
  }

  seal(plain: Uint8Array, context: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.keyOf(context), nonce).setAAD(Buffer.from(context));
    return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  }

  open(sealed: Uint8Array, context: string): Buffer {
    const body = sealed.subarray(NONCE_BYTES, sealed.byteLength - TAG_BYTES);
    const nonce = sealed.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', this.keyOf(context), nonce, {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(context)).setAuthTag(sealed.subarray(sealed.byteLength - TAG_BYTES));
    return Buffer.concat([decipher.update(body), decipher.final()]);
  }

  pseudonym(name: string): string {
    return this.derive(`mien pseudonym ${name}`).toString('hex');
  }

  private keyOf(context: string): Buffer {
    return this.derive(`mien aes-256-gcm ${context}`);
  }

  /** HMAC as a key derivation function: NIST SP 800-108, 4.1, with one block. */
  private derive(label: string): Buffer {
    return createHmac('sha256', this.key).update(label).digest();
  }
}
