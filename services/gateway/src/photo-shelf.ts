import { randomBytes } from 'node:crypto';
import type { BlobRef } from '@mien/proto';
import type { ObjectStore } from '@mien/stores';
import type { PhotoStore } from './usecases/ports';

/**
 * Keeps each request's photos apart. The object store keeps equal bytes once under one key, so removing the photo
 * of one request would take away that of another which holds the same file. Here a photo in use occupies a slot,
 * a prefix of its own for keys; two of equal length, and so any two equal ones, never share one.
 */
export class PhotoShelf implements PhotoStore {
  /** Other gateways on the same store have other prefixes. */
  private readonly instance = randomBytes(4).toString('hex');
  private readonly takenByLength = new Map<number, Set<number>>();
  private readonly slotOf = new WeakMap<BlobRef, number>();

  constructor(
    private readonly store: ObjectStore,
    private readonly retentionSeconds: number,
  ) {}

  async put(bytes: Buffer): Promise<BlobRef> {
    const slot = this.takeSlot(bytes.length);
    try {
      const prefix = `photos-${this.instance}-${slot}`;
      const ref = await this.store.put(bytes, { prefix, retentionSeconds: this.retentionSeconds });
      this.slotOf.set(ref, slot);
      return ref;
    } catch (error) {
      this.freeSlot(bytes.length, slot);
      throw error;
    }
  }

  async remove(ref: BlobRef): Promise<void> {
    try {
      await this.store.delete(ref);
    } finally {
      this.release(ref);
    }
  }

  /** Leaves the photo to its retention. */
  release(ref: BlobRef): void {
    const slot = this.slotOf.get(ref);
    if (slot !== undefined) {
      this.slotOf.delete(ref);
      this.freeSlot(ref.size, slot);
    }
  }

  private takeSlot(length: number): number {
    const taken = this.takenByLength.get(length) ?? new Set<number>();
    this.takenByLength.set(length, taken);
    let slot = 0;
    while (taken.has(slot)) {
      slot += 1;
    }
    taken.add(slot);
    return slot;
  }

  private freeSlot(length: number, slot: number): void {
    const taken = this.takenByLength.get(length);
    taken?.delete(slot);
    if (taken?.size === 0) {
      this.takenByLength.delete(length);
    }
  }
}
