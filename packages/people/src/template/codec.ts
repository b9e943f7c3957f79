import type { Cipher } from '@mien/encryption';
import { MienError } from '@mien/errors';
import { bytesOfVector, vectorOfBytes } from './vector';

/** A template as the database holds it. */
export interface StoredTemplate {
  /** Of the key that the bytes are encrypted with; null when they are not. */
  readonly keyId: string | null;
  readonly bytes: Uint8Array;
}

/** Turns templates into what the database holds, and back. */
export class TemplateCodec {
  constructor(private readonly cipher: Cipher | undefined) {}

  /** Of the key that templates are encrypted with from now on. */
  get keyId(): string | undefined {
    return this.cipher?.keyId;
  }

  encode(vector: Float32Array, faceId: string, modelVersion: string): StoredTemplate {
    const plain = bytesOfVector(vector);
    return this.cipher === undefined
      ? { keyId: null, bytes: plain }
      : { keyId: this.cipher.keyId, bytes: this.cipher.seal(plain, contextOf(faceId, modelVersion)) };
  }

  /**
   * Templates that were stored before there was a key are read as they are. Throws RECORD_UNREADABLE for damaged
   * bytes and for those of another key.
   */
  decode(stored: StoredTemplate, faceId: string, modelVersion: string): Float32Array {
    const vector = vectorOfBytes(this.plainBytes(stored, faceId, modelVersion));
    if (vector === undefined) {
      throw unreadable(faceId, undefined);
    }
    return vector;
  }

  private plainBytes(stored: StoredTemplate, faceId: string, modelVersion: string): Uint8Array {
    if (stored.keyId === null) {
      return stored.bytes;
    }
    if (!this.cipher?.knows(stored.keyId)) {
      throw new MienError(
        'RECORD_UNREADABLE',
        `the template of face ${faceId} needs the key ${stored.keyId}`,
      );
    }
    try {
      return this.cipher.open(stored.bytes, stored.keyId, contextOf(faceId, modelVersion));
    } catch (error) {
      throw unreadable(faceId, error);
    }
  }
}

function contextOf(faceId: string, modelVersion: string): string {
  return `template ${faceId} ${modelVersion}`;
}

function unreadable(faceId: string, cause: unknown): MienError {
  return new MienError('RECORD_UNREADABLE', `the template of face ${faceId} is damaged`, { cause });
}
