export type { BlobReservations } from './blob-reservations';
export type {
  DuplicateCheck,
  DuplicateCheckStore,
  DuplicateFace,
  DuplicatePair,
  NewDuplicateCheck,
} from './duplicate-checks';
export type { Group, GroupChanges, GroupStore, IndexedValue, NewGroup } from './groups';
export type { Claim, Job, JobFailure, JobProgress, JobState, JobStore, Lease } from './jobs';
export { DEFAULT_LIMITS, type LibraryLimits } from './limits';
export type { FailedFace, ModelUpgrade, ModelUpgradeStore, NewModelUpgrade } from './model-upgrades';
export type {
  FaceLackingTemplate,
  ModelVersionStore,
  NewTemplate,
  VersionedTemplate,
} from './model-versions';
export type { Outbox, OutboxEntry, OutboxTopic } from './outbox';
export type { Page, PageRequest } from './page';
export type { GroupSize, LibraryTotals, PeopleStore } from './people-store';
export type {
  ExpectedState,
  GroupRefusal,
  JoinResult,
  Membership,
  NewFace,
  NewPerson,
  Person,
  PersonChanges,
  PersonFace,
  PersonStore,
} from './persons';
export { openPglitePeopleStore, type PgliteOptions } from './sql/open-pglite';
export { openPostgresPeopleStore, type PostgresOptions } from './sql/open-postgres';
export { fuseTemplates } from './template/fuse';
export { TEMPLATE_LENGTH } from './template/vector';
export type { FaceBatch, FaceRange, IndexedTemplate, Resealed, TemplateStore } from './templates';
