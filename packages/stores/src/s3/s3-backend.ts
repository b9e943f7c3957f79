import type { BlobBackend, BlobLife } from '../blob-backend';
import type { KeyParts } from '../blob-key';
import { FOREVER_SECONDS, isExpired } from '../expiry';
import type { StoredBlob } from '../object-store';
import type { Bucket } from './bucket';
import { expiryIn, KEPT, keptName, metadataOf, TEMPORARY, temporaryName } from './layout';
import { sweepBucket } from './sweep-bucket';

/** Written over and over to see whether the bucket takes anything. */
const PROBE = 'probe';

/**
 * Blobs in a bucket. Those that stay lie under `kept/`, those with a retention under `temporary/`, where a sweep, or
 * a lifecycle rule of the bucket, finds them without looking at the others.
 */
export class S3Backend implements BlobBackend {
  constructor(
    private readonly bucket: Bucket,
    /** The same bucket, asked with less patience. */
    private readonly impatient: Bucket,
  ) {}

  async write(parts: KeyParts, bytes: Uint8Array, { expiresAt }: BlobLife): Promise<void> {
    if (expiresAt >= FOREVER_SECONDS) {
      await this.bucket.put(keptName(parts), bytes, {});
    } else {
      await this.bucket.put(temporaryName(parts), bytes, metadataOf(expiresAt));
    }
  }

  async prolong(parts: KeyParts, size: number, { expiresAt }: BlobLife): Promise<boolean> {
    const [kept, temporary] = await Promise.all([
      this.bucket.stat(keptName(parts)),
      expiresAt >= FOREVER_SECONDS ? undefined : this.bucket.stat(temporaryName(parts)),
    ]);
    if (kept?.size === size) {
      return true;
    }
    const until = temporary?.size === size ? expiryIn(temporary.metadata) : 0;
    return !isExpired(until * 1_000) && until >= expiresAt;
  }

  async read(parts: KeyParts): Promise<Buffer | undefined> {
    return (await this.bucket.get(temporaryName(parts))) ?? this.bucket.get(keptName(parts));
  }

  remove(parts: KeyParts): Promise<void> {
    return this.bucket.remove([temporaryName(parts), keptName(parts)]);
  }

  async *list(prefix: string | undefined): AsyncGenerator<readonly StoredBlob[]> {
    const inside = prefix === undefined ? '' : `${prefix}/`;
    for (const place of [KEPT, TEMPORARY]) {
      for await (const page of this.bucket.list(`${place}${inside}`)) {
        yield page.map(({ name, size, lastModified }) => ({
          key: name.slice(place.length),
          size,
          putAt: lastModified,
          temporary: place === TEMPORARY,
        }));
      }
    }
  }

  sweep(): Promise<number> {
    return sweepBucket(this.bucket);
  }

  async healthy(): Promise<boolean> {
    try {
      await this.impatient.put(PROBE, Buffer.alloc(0), {});
      return true;
    } catch {
      return false;
    }
  }
}
