import type { Cipher } from '@mien/encryption';
import { MienError } from '@mien/errors';
import { type KeyParts, keyOfParts, sha256Of } from './blob-key';

export interface BlobEncryption {
  readonly cipher: Cipher;
  /** Read blobs that were stored before there was a key, too. Off unless given. */
  readonly readPlain?: boolean;
}

/** Sealed blobs begin with these bytes and the id of their key; the last one counts the forms. */
const MARK = Buffer.from('mien\x01', 'latin1');
const KEY_ID_BYTES = 8;
const HEADER_BYTES = MARK.byteLength + KEY_ID_BYTES;
/** What AES-256-GCM adds: nonce and tag. */
const SEAL_BYTES = 28;

/** Turns blobs into what lies in the store, and back. */
export class BlobCodec {
  constructor(private readonly encryption: BlobEncryption | undefined) {}

  /**
   * What stands for the hash in the key. Who sees the keys of an encrypted store can't tell whether a photo in his
   * hands is in it: the plain hash would give that away.
   */
  digestOf(sha256: string): string {
    return this.encryption?.cipher.pseudonym(sha256) ?? sha256;
  }

  /** Bytes that so many take up in the store. */
  storedSize(bytes: number): number {
    return this.encryption === undefined ? bytes : bytes + HEADER_BYTES + SEAL_BYTES;
  }

  encode(bytes: Uint8Array, parts: KeyParts): Uint8Array {
    if (this.encryption === undefined) {
      return bytes;
    }
    const { cipher } = this.encryption;
    const keyId = Buffer.from(cipher.keyId, 'hex');
    return Buffer.concat([MARK, keyId, cipher.seal(bytes, contextOf(parts))]);
  }

  /**
   * The bytes, known to be those that were put under the key. Throws BLOB_LOST when they are not, RECORD_UNREADABLE
   * when the configuration does not let us tell.
   */
  decode(stored: Buffer, parts: KeyParts): Buffer {
    const isSealed = stored.subarray(0, MARK.byteLength).equals(MARK);
    if (this.encryption === undefined || this.encryption.readPlain === true || !isSealed) {
      if (sha256Of(stored) === parts.digest) {
        return this.plain(stored);
      }
    }
    if (!isSealed) {
      throw damaged();
    }
    return this.unseal(stored, parts);
  }

  /** What was stored before there was a key. */
  private plain(stored: Buffer): Buffer {
    if (this.encryption !== undefined && this.encryption.readPlain !== true) {
      throw new MienError('RECORD_UNREADABLE', 'a stored photo or crop is not encrypted');
    }
    return stored;
  }

  private unseal(stored: Buffer, parts: KeyParts): Buffer {
    const keyId = stored.toString('hex', MARK.byteLength, HEADER_BYTES);
    if (!this.encryption?.cipher.knows(keyId)) {
      throw new MienError('RECORD_UNREADABLE', `a stored photo or crop needs the encryption key ${keyId}`);
    }
    try {
      return this.encryption.cipher.open(stored.subarray(HEADER_BYTES), keyId, contextOf(parts));
    } catch (error) {
      throw damaged(error);
    }
  }
}

function contextOf(parts: KeyParts): string {
  return `blob ${keyOfParts(parts)}`;
}

function damaged(cause?: unknown): MienError {
  return new MienError('BLOB_LOST', 'a stored photo or crop is damaged', { cause });
}
