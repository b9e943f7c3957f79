import type { GroupStore } from './groups';
import type { Outbox } from './outbox';
import type { PersonStore } from './persons';
import type { TemplateStore } from './templates';

export interface LibraryTotals {
  readonly groups: number;
  readonly persons: number;
  readonly faces: number;
}

/**
 * The truth of the person library. What a method has done when it returns survives a crash. Every method checks its
 * arguments (ARGUMENT_INVALID) and throws DATABASE_UNAVAILABLE when the database can't be reached.
 */
export interface PeopleStore extends GroupStore, PersonStore, TemplateStore, Outbox {
  totals(): Promise<LibraryTotals>;
  /** Those of the keys that an enrolled face uses. */
  blobsInUse(keys: readonly string[]): Promise<ReadonlySet<string>>;
  /** All keys that enrolled faces use, in batches. */
  streamBlobKeys(): AsyncIterable<readonly string[]>;
  /** Gives the room of deleted rows back to the tables. Slow; nothing waits for it but other maintenance. */
  maintain(): Promise<void>;
  close(): Promise<void>;
}
