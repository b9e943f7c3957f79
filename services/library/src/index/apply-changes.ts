import { MienError } from '@mien/errors';
import type { IndexedTemplate, OutboxEntry, PeopleStore } from '@mien/people';
import type { VectorIndex } from '@mien/vectors';
import { unitVector } from './similarity';

const BATCH = 1_000;
/** Persons whose templates are read at once: with 20 faces each, some megabytes. */
const PERSONS_AT_ONCE = 100;
/** Someone else's changes between reading and writing are rare; as many in a row are not to be expected. */
const MOST_ROUNDS = 10;

/** The indexes that are written to, by model version. */
export interface IndexSet {
  of(modelVersion: string): Promise<VectorIndex>;
  all(): Promise<ReadonlyMap<string, VectorIndex>>;
}

export interface FollowedStores {
  readonly people: PeopleStore;
  readonly indexes: IndexSet;
  /** Whether other processes write to the same indexes. */
  readonly shared: boolean;
}

/** Makes the vector indexes the same as the database for everything that waits in the outbox. */
export async function applyChanges(stores: FollowedStores): Promise<void> {
  for (;;) {
    const entries = await stores.people.readOutbox('index', BATCH);
    if (entries.length > 0) {
      await bringUpToDate(namedIn(entries), stores);
      await stores.people.acknowledge(entries.map(({ id }) => id));
    }
    if (entries.length < BATCH) {
      return;
    }
  }
}

/** What to make the same: single faces, there or not, and all faces of persons. */
export interface Named {
  /** At most 1000. */
  readonly faceIds: readonly string[];
  readonly personIds: readonly string[];
  /** Templates of this version alone; of all unless given. */
  readonly modelVersion?: string;
}

/**
 * Makes the indexes what the database says now of the faces and persons. Where other processes do the same, one of
 * them may write an older state after a newer one. So the state is read again afterwards, and written again when it
 * is another: whoever writes last has read what he wrote after he wrote it, and what changes later is an entry of the
 * outbox of its own. Entries are acknowledged only then, so that who dies in between leaves them to others.
 */
export async function bringUpToDate(named: Named, stores: FollowedStores): Promise<void> {
  let state = await readState(named, stores.people);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    await writeState(named, state, stores.indexes);
    if (!stores.shared) {
      return;
    }
    const now = await readState(named, stores.people);
    if (sameState(state, now)) {
      return;
    }
    state = now;
  }
  throw new MienError('CONFLICT', 'the same faces change too often for the index to follow');
}

function namedIn(entries: readonly OutboxEntry[]): Named {
  const faceIds = new Set<string>();
  const personIds = new Set<string>();
  for (const entry of entries) {
    if (entry.kind === 'membership-changed') {
      personIds.add(entry.personId);
    } else if (entry.kind !== 'blob-unused') {
      faceIds.add(entry.faceId);
    }
  }
  return { faceIds: [...faceIds], personIds: [...personIds] };
}

/** Templates by face and model version. */
type State = ReadonlyMap<string, IndexedTemplate>;

async function readState({ faceIds, personIds, modelVersion }: Named, people: PeopleStore): Promise<State> {
  const templates = [...(await people.templatesOfFaces(faceIds, modelVersion))];
  for (let from = 0; from < personIds.length; from += PERSONS_AT_ONCE) {
    const slice = personIds.slice(from, from + PERSONS_AT_ONCE);
    templates.push(...(await people.templatesOfPersons(slice, modelVersion)));
  }
  return new Map(templates.map((template) => [keyOf(template.faceId, template.modelVersion), template]));
}

async function writeState({ faceIds }: Named, state: State, indexes: IndexSet): Promise<void> {
  const versions = new Map<string, IndexedTemplate[]>();
  for (const template of state.values()) {
    const ofVersion = versions.get(template.modelVersion) ?? [];
    ofVersion.push(template);
    versions.set(template.modelVersion, ofVersion);
  }
  for (const [version, templates] of versions) {
    const index = await indexes.of(version);
    await index.upsert(templates.map((template) => ({ ...template, vector: unitVector(template.vector) })));
  }
  for (const [version, index] of await indexes.all()) {
    const gone = faceIds.filter((faceId) => !state.has(keyOf(faceId, version)));
    if (gone.length > 0) {
      await index.remove(gone);
    }
  }
}

function keyOf(faceId: string, modelVersion: string): string {
  return `${faceId} ${modelVersion}`;
}

function sameState(a: State, b: State): boolean {
  return (
    a.size === b.size &&
    [...a].every(([key, template]) => {
      const other = b.get(key);
      return (
        other !== undefined &&
        sameGroups(template.groupIds, other.groupIds) &&
        sameVector(template.vector, other.vector)
      );
    })
  );
}

function sameGroups(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id) => b.includes(id));
}

function sameVector(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}
