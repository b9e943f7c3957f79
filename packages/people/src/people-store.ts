import type { BlobReservations } from './blob-reservations';
import type { DuplicateCheckStore } from './duplicate-checks';
import type { GroupStore } from './groups';
import type { ModelUpgradeStore } from './model-upgrades';
import type { ModelVersionStore } from './model-versions';
import type { Outbox } from './outbox';
import type { PersonStore } from './persons';
import type { TemplateStore } from './templates';

export interface LibraryTotals {
  readonly groups: number;
  readonly persons: number;
  readonly faces: number;
}

/** Of one or more groups together. */
export interface GroupSize {
  readonly persons: number;
  readonly faces: number;
}

/**
 * The truth of the person library. What a method has done when it returns survives a crash. Every method checks its
 * arguments (ARGUMENT_INVALID) and throws DATABASE_UNAVAILABLE when the database can't be reached.
 */
export interface PeopleStore
  extends GroupStore,
    PersonStore,
    TemplateStore,
    ModelVersionStore,
    Outbox,
    BlobReservations {
  /** Searches for persons that are likely the same. */
  readonly duplicateChecks: DuplicateCheckStore;
  /** Moves of groups to other embedding models. */
  readonly modelUpgrades: ModelUpgradeStore;
  totals(): Promise<LibraryTotals>;
  /** Those that several of the groups share are counted once; groups that are not there count nothing. */
  sizeOfGroups(groupIds: readonly string[]): Promise<GroupSize>;
  /** Gives the room of deleted rows back to the tables. Slow; nothing waits for it but other maintenance. */
  maintain(): Promise<void>;
  close(): Promise<void>;
}
