import type { Shard } from './shard';

/** What a shard's thread is started with. */
export interface ShardThreadData {
  readonly dimensions: number;
}

/** What a shard can be asked from another thread. */
export type ShardCalls = Pick<Shard, 'upsert' | 'remove' | 'search' | 'count' | 'faceIds'>;

export interface ShardRequest {
  readonly id: number;
  readonly call: keyof ShardCalls;
  readonly args: readonly unknown[];
}

export interface ShardReply {
  readonly id: number;
  readonly result?: unknown;
  readonly failure?: { readonly reason: string; readonly message: string };
}
