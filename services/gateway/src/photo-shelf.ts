import { randomBytes } from 'node:crypto';
import type { BlobRef } from '@mien/proto';
import type { ObjectStore } from '@mien/stores';
import type { PhotoStore } from './usecases/ports';

/**
 * Keeps each request's photos apart, so that removing those of one request takes nothing away from another that
 * holds the same file.
 */
export class PhotoShelf implements PhotoStore {
  constructor(
    private readonly store: ObjectStore,
    private readonly retentionSeconds: number,
  ) {}

  put(bytes: Buffer): Promise<BlobRef> {
    const scope = randomBytes(8).toString('hex');
    return this.store.put(bytes, { prefix: 'photos', scope, retentionSeconds: this.retentionSeconds });
  }

  remove(ref: BlobRef): Promise<void> {
    return this.store.delete(ref);
  }
}
