import type { PeopleStore } from '@mien/people';
import type { ObjectStore } from '@mien/stores';
import type { VectorIndexes } from '@mien/vectors';
import type { Logger } from 'pino';
import { deleteUnusedBlobs } from './follow/blob-follower';
import { type TellEvent, tellEnrolments } from './follow/enrolment-events';
import { Follower } from './follow/follower';
import { applyChanges } from './index/apply-changes';
import { FollowingIndex } from './index/following-index';
import { OpenIndexes } from './index/open-indexes';
import type { Library, LibraryModel, LibrarySettings } from './library';
import { Turns } from './turns';

/** What a library is made of. It closes people store and indexes, once it is open. */
export interface LibraryParts {
  readonly people: PeopleStore;
  readonly vectorIndexes: VectorIndexes;
  readonly objects: ObjectStore;
  readonly model: LibraryModel;
  readonly settings: LibrarySettings;
  readonly logger: Logger;
  /** Whether other processes work on the same database and indexes. */
  readonly shared: boolean;
  /** Where enrolments are told; they wait in the outbox where there is none. */
  readonly tellEvent?: TellEvent | undefined;
}

/** A library whose indexes are what the database says. */
export interface OpenLibrary extends Library {
  readonly indexes: OpenIndexes;
  /** Whether the stores answer and what is written reaches them all. */
  healthy(): Promise<boolean>;
  /** Finishes what is followed, and closes the stores but the object store. */
  close(): Promise<void>;
}

/** How often to look for entries that nobody called for: leases that ended, what a crashed process left. */
const POLL_MS = 5_000;
const GROUPS_AT_ONCE = 1_000;

/** Loads the indexes, applies what a crash left to be applied, and follows the database from then on. */
export async function openLibrary(parts: LibraryParts): Promise<OpenLibrary> {
  const { people, objects, logger, shared, tellEvent } = parts;
  const indexes = new OpenIndexes(parts.vectorIndexes, people, logger);
  const follower = (name: string, pass: () => Promise<void>) =>
    new Follower({ name, pass, pollMs: POLL_MS, logger });
  const indexFollower = follower('index', async () => {
    await indexes.renewDead();
    await applyChanges({ people, indexes, shared });
  });
  const blobFollower = follower('blobs', () => deleteUnusedBlobs(people, objects));
  const eventFollower =
    tellEvent === undefined ? undefined : follower('events', () => tellEnrolments(people, tellEvent));
  const tellSoon = () => void eventFollower?.follow().catch(() => undefined);
  const close = async () => {
    await Promise.all([indexFollower.stop(), blobFollower.stop(), eventFollower?.stop()]);
    await indexes.close();
    await people.close();
  };
  try {
    for (const version of await versionsInUse(people, parts.model.version)) {
      await indexes.of(version);
    }
    await indexFollower.follow();
  } catch (error) {
    await close();
    throw error;
  }
  blobFollower.follow().catch(() => undefined);
  tellSoon();
  return {
    people,
    objects,
    model: parts.model,
    settings: parts.settings,
    logger,
    index: new FollowingIndex(people, indexes, indexFollower),
    blobs: blobFollower,
    events: { tellSoon },
    turns: new Turns(),
    indexes,
    healthy: async () => !indexFollower.failing && (await indexes.healthy()) && (await answers(people)),
    close,
  };
}

/** The model versions that groups are searched with, and the one that new groups get. */
async function versionsInUse(people: PeopleStore, current: string): Promise<ReadonlySet<string>> {
  const versions = new Set([current]);
  let cursor: string | undefined = '';
  while (cursor !== undefined) {
    const page: Awaited<ReturnType<PeopleStore['listGroups']>> = await people.listGroups({
      size: GROUPS_AT_ONCE,
      cursor,
    });
    for (const { modelVersion } of page.entries) {
      versions.add(modelVersion);
    }
    cursor = page.nextCursor;
  }
  return versions;
}

async function answers(people: PeopleStore): Promise<boolean> {
  return people.totals().then(
    () => true,
    () => false,
  );
}
