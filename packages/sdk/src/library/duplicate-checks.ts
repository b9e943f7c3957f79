import { randomUUID } from 'node:crypto';
import {
  type DuplicateCheck,
  type DuplicateCluster,
  type DuplicatePair,
  type EstimateDuplicateCheckResponse,
  LibraryJobServiceService as Jobs,
} from '@mien/proto';
import type { Channel } from '../channel';
import { type ListSettings, pagesOf } from '../pages';
import { present } from '../present';
import { type CallSettings, given } from '../settings';

export interface DuplicateCheckSettings extends CallSettings {
  /** 0..100; unless given the score whose false-accept rate is 1e-5. */
  readonly minimumScore?: number;
}

/** Looking for persons that are likely the same, as jobs. */
export class MienDuplicateChecks {
  constructor(private readonly channel: Channel) {}

  /** How long a check over the groups will take. */
  estimate(
    groupIds: readonly string[],
    settings: CallSettings = {},
  ): Promise<EstimateDuplicateCheckResponse> {
    return this.channel.read(Jobs.estimateDuplicateCheck, { groupIds: [...groupIds] }, settings);
  }

  /** May be tried again: it is begun under an id, as which it is begun once. */
  async start(groupIds: readonly string[], settings: DuplicateCheckSettings = {}): Promise<DuplicateCheck> {
    const { minimumScore } = settings;
    const request = { groupIds: [...groupIds], id: randomUUID(), ...given({ minimumScore }) };
    return present((await this.channel.read(Jobs.startDuplicateCheck, request, settings)).check);
  }

  async get(id: string, settings: CallSettings = {}): Promise<DuplicateCheck> {
    return present((await this.channel.read(Jobs.getDuplicateCheck, { id }, settings)).check);
  }

  /** Newest first. */
  list(settings: ListSettings = {}): AsyncGenerator<DuplicateCheck, void, void> {
    return pagesOf(settings, async (page) => {
      const { checks, nextCursor } = await this.channel.read(Jobs.listDuplicateChecks, { page }, settings);
      return { entries: checks, nextCursor };
    });
  }

  /** What was found so far stays readable. */
  async cancel(id: string, settings: CallSettings = {}): Promise<DuplicateCheck> {
    return present((await this.channel.write(Jobs.cancelDuplicateCheck, { id }, settings)).check);
  }

  /** Most alike first. */
  pairs(id: string, settings: ListSettings = {}): AsyncGenerator<DuplicatePair, void, void> {
    return pagesOf(settings, async (page) => {
      const { pairs, nextCursor } = await this.channel.read(Jobs.listDuplicatePairs, { id, page }, settings);
      return { entries: pairs, nextCursor };
    });
  }

  /** The same persons, connected by pairs; largest first. */
  clusters(id: string, settings: ListSettings = {}): AsyncGenerator<DuplicateCluster, void, void> {
    return pagesOf(settings, async (page) => {
      const request = { id, page };
      const { clusters, nextCursor } = await this.channel.read(Jobs.listDuplicateClusters, request, settings);
      return { entries: clusters, nextCursor };
    });
  }
}
