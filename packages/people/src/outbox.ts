/** What has to follow a change: the vector index, the object store, or those who are told of what happened. */
export type OutboxTopic = 'index' | 'blobs' | 'events';

/** Written with the change that it tells of, all or nothing. */
export type OutboxEntry = { readonly id: number } & (
  | { readonly kind: 'face-added' | 'face-removed'; readonly faceId: string; readonly personId: string }
  | { readonly kind: 'membership-changed'; readonly personId: string }
  | { readonly kind: 'person-enrolled' | 'face-enrolled'; readonly faceId: string; readonly personId: string }
  | { readonly kind: 'blob-unused'; readonly key: string }
);

/**
 * Changes that wait to be applied elsewhere. Those of one person come in the order in which they happened. An entry
 * comes again until it is acknowledged, so applying must be repeatable: read the present state of what the entry
 * names (TemplateStore) and make the index the same; what is not there any more is removed.
 */
export interface Outbox {
  /** The oldest entries that are due and not acknowledged, 1000 unless `limit` is given. */
  readOutbox(topic: OutboxTopic, limit?: number): Promise<readonly OutboxEntry[]>;
  /** To be called when the entries are applied for good. Unknown ids are no error. */
  acknowledge(ids: readonly number[]): Promise<void>;
}
