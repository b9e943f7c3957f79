import type { PeopleStore } from '@mien/people';
import type { Follower } from '../follow/follower';
import type { LibraryIndex, LibraryIndexQuery, LibraryMatch } from '../library';
import { nearestOfEach } from './nearest';
import type { OpenIndexes } from './open-indexes';
import { unitVector } from './similarity';

/** The vector indexes behind a follower that keeps them the same as the database. */
export class FollowingIndex implements LibraryIndex {
  constructor(
    private readonly people: PeopleStore,
    private readonly indexes: OpenIndexes,
    private readonly follower: Follower,
  ) {}

  async nearest(probe: Float32Array, query: LibraryIndexQuery): Promise<readonly LibraryMatch[]> {
    const [matches = []] = await this.nearestMany([probe], query);
    return matches;
  }

  async nearestMany(
    probes: readonly Float32Array[],
    query: LibraryIndexQuery,
  ): Promise<readonly (readonly LibraryMatch[])[]> {
    const index = await this.indexes.of(query.modelVersion);
    return nearestOfEach(probes.map(unitVector), query, index, this.people);
  }

  async load(modelVersion: string): Promise<void> {
    await this.indexes.of(modelVersion);
  }

  follow(): Promise<void> {
    return this.follower.follow();
  }
}
