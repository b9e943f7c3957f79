import { createHash } from 'node:crypto';
import { MienError } from '@mien/errors';
import type { ObjectStore } from '@mien/stores';
import { checkPhotoBytes } from '../usecases/photo-intake';

/** A photo that was kept for jobs. */
export interface Upload {
  /** Tells where it lies and until when: nothing else is kept of it. */
  readonly id: string;
  readonly expiresAt: Date;
}

const PREFIX = 'uploads';
/** An id may be used to its last second, and the job's photo is then wanted as long as any job. */
const KEPT_LONGER = 2;
/** `digest.expiry`: the digest of the blob's key, and seconds in base 36. */
const ID = /^([0-9a-f]{64})\.([0-9a-z]{1,9})$/;

/** Photos that a key sent ahead of its jobs. Each key finds its own only: the key is part of where they lie. */
export class Uploads {
  constructor(
    private readonly store: ObjectStore,
    private readonly retentionSeconds: number,
  ) {}

  /** Throws IMAGE_MISSING, IMAGE_TOO_LARGE, IMAGE_FORMAT_UNSUPPORTED, OBJECT_STORE_UNAVAILABLE. */
  async keep(content: Buffer, keyId: string): Promise<Upload> {
    checkPhotoBytes(content, 'content');
    const expiresAt = Math.floor(Date.now() / 1_000) + this.retentionSeconds;
    const { key } = await this.store.put(content, {
      prefix: PREFIX,
      scope: scopeOf(keyId),
      retentionSeconds: KEPT_LONGER * this.retentionSeconds,
      durable: true,
    });
    const digest = key.slice(PREFIX.length + 1, key.lastIndexOf('-'));
    return { id: `${digest}.${expiresAt.toString(36)}`, expiresAt: new Date(expiresAt * 1_000) };
  }

  /** Throws UPLOAD_NOT_FOUND for what is no id, and for one that has expired. Whether the photo is there shows later. */
  check(id: string, field: string): void {
    const { expiresAt } = partsOf(id, field);
    if (expiresAt < Date.now()) {
      throw notFound(field);
    }
  }

  /** Throws UPLOAD_NOT_FOUND when this key has no such photo, OBJECT_STORE_UNAVAILABLE. */
  async read(id: string, keyId: string, field: string): Promise<Buffer> {
    const { digest } = partsOf(id, field);
    try {
      return await this.store.get({ key: `${PREFIX}/${digest}-${scopeOf(keyId)}` });
    } catch (error) {
      throw error instanceof MienError && error.reason === 'BLOB_LOST' ? notFound(field, error) : error;
    }
  }
}

function partsOf(id: string, field: string): { digest: string; expiresAt: number } {
  const [, digest, expiry] = ID.exec(id) ?? [];
  if (digest === undefined || expiry === undefined) {
    throw notFound(field);
  }
  return { digest, expiresAt: Number.parseInt(expiry, 36) * 1_000 };
}

/** Scopes are of lower-case letters and digits; ids of keys need not be. */
function scopeOf(keyId: string): string {
  return createHash('sha256').update(keyId).digest('hex').slice(0, 32);
}

function notFound(field: string, cause?: unknown): MienError {
  return new MienError('UPLOAD_NOT_FOUND', `${field} is no photo that was uploaded with this key lately`, {
    cause,
    metadata: { field },
  });
}
