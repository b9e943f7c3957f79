import type { DuplicateCheckStore } from '../duplicate-checks';
import type { GroupChanges, IndexedValue, NewGroup } from '../groups';
import type { ModelUpgradeStore } from '../model-upgrades';
import type { NewTemplate } from '../model-versions';
import { invalid } from '../naming';
import type { OutboxTopic } from '../outbox';
import type { PageRequest } from '../page';
import type { PeopleStore } from '../people-store';
import type { ExpectedState, NewFace, NewPerson, PersonChanges } from '../persons';
import type { FaceRange } from '../templates';
import { blobsInUse, blobsKnown, streamBlobKeys } from './blob-keys';
import { releaseBlobs, reserveBlobs } from './blob-reservation';
import type { LibraryContext } from './context';
import { readTotals } from './counts';
import { translated } from './database-error';
import { createPerson } from './enrolment';
import { addFaces, deleteFaces } from './face-table';
import { deleteGroup } from './group-deletion';
import { createGroup, getGroup, getGroups, listGroups, updateGroup } from './group-table';
import { SqlDuplicateChecks } from './jobs/sql-duplicate-checks';
import { SqlModelUpgrades } from './jobs/sql-model-upgrades';
import { sizeOfGroups } from './library-size';
import { addToGroups, removeFromGroup, updateMembership } from './membership-table';
import { rollBackModelVersion, switchModelVersion } from './model-version-table';
import { readEntries, removeEntries } from './outbox-table';
import { getPerson, getPersons, listPersons, personsOfFaces } from './person-reading';
import { deletePerson } from './person-removal';
import { updatePerson } from './person-table';
import { addTemplates, streamFacesLackingTemplate } from './template-adding';
import { dropTemplates } from './template-dropping';
import { reencryptTemplates } from './template-sealing';
import {
  streamTemplates,
  streamTemplatesOfGroups,
  templatesOfFaces,
  templatesOfPersons,
} from './template-table';

const MOST_ENTRIES = 10_000;

/** What differs between one database and another. */
export interface Housekeeping {
  maintain(): Promise<void>;
  close(): Promise<void>;
}

/** The people store in PostgreSQL's SQL, whatever runs it. */
export class SqlPeopleStore implements PeopleStore {
  readonly duplicateChecks: DuplicateCheckStore;
  readonly modelUpgrades: ModelUpgradeStore;

  constructor(
    private readonly library: LibraryContext,
    private readonly housekeeping: Housekeeping,
  ) {
    this.duplicateChecks = new SqlDuplicateChecks(library);
    this.modelUpgrades = new SqlModelUpgrades(library);
  }

  createGroup = (group: NewGroup) => createGroup(this.library, group);
  getGroup = (id: string) => guarded(() => getGroup(this.library.db, id));
  getGroups = (ids: readonly string[]) => guarded(() => getGroups(this.library.db, ids));
  listGroups = (page: PageRequest) => listGroups(this.library, page);
  updateGroup = (id: string, changes: GroupChanges) => updateGroup(this.library, id, changes);
  deleteGroup = (id: string) => deleteGroup(this.library, id);

  createPerson = (person: NewPerson) => createPerson(this.library, person);
  getPerson = (id: string) => getPerson(this.library, id);
  getPersons = (ids: readonly string[]) => getPersons(this.library, ids);
  personsOfFaces = (faceIds: readonly string[]) => guarded(() => personsOfFaces(this.library, faceIds));
  listPersons = (groupId: string, page: PageRequest) => listPersons(this.library, groupId, page);
  updatePerson = (id: string, changes: PersonChanges, expected?: ExpectedState) =>
    updatePerson(this.library, id, changes, expected);
  deletePerson = (id: string) => deletePerson(this.library, id);

  addToGroups = (personId: string, groupIds: readonly string[]) =>
    addToGroups(this.library, personId, groupIds);
  removeFromGroup = (personId: string, groupId: string) => removeFromGroup(this.library, personId, groupId);
  updateMembership = (personId: string, groupId: string, values: readonly IndexedValue[]) =>
    updateMembership(this.library, personId, groupId, values);

  addFaces = (personId: string, faces: readonly NewFace[], expected?: ExpectedState) =>
    addFaces(this.library, personId, faces, expected);
  deleteFaces = (personId: string, faceIds: readonly string[]) =>
    deleteFaces(this.library, personId, faceIds);

  templatesOfFaces = (faceIds: readonly string[], modelVersion?: string) =>
    templatesOfFaces(this.library, faceIds, modelVersion);
  templatesOfPersons = (personIds: readonly string[], modelVersion?: string) =>
    templatesOfPersons(this.library, personIds, modelVersion);
  streamTemplates = (modelVersion: string, batchSize?: number) =>
    streamTemplates(this.library, modelVersion, batchSize);

  streamTemplatesOfGroups = (modelVersion: string, range: FaceRange) =>
    streamTemplatesOfGroups(this.library, modelVersion, range);

  reencryptTemplates = (batchSize?: number) => reencryptTemplates(this.library, batchSize);
  addTemplates = (templates: readonly NewTemplate[]) => addTemplates(this.library, templates);
  streamFacesLackingTemplate = (modelVersion: string, range: FaceRange) =>
    streamFacesLackingTemplate(this.library, modelVersion, range);
  switchModelVersion = (groupIds: readonly string[], from: string, to: string) =>
    switchModelVersion(this.library, groupIds, from, to);
  rollBackModelVersion = (groupIds: readonly string[]) => rollBackModelVersion(this.library, groupIds);
  dropTemplates = (modelVersion: string) => dropTemplates(this.library, modelVersion);

  readOutbox(topic: OutboxTopic, limit = 1000) {
    return guarded(async () => {
      if (!Number.isInteger(limit) || limit < 1 || limit > MOST_ENTRIES) {
        throw invalid('limit', `1 to ${MOST_ENTRIES}`);
      }
      return readEntries(this.library, topic, limit);
    });
  }

  acknowledge = (ids: readonly number[]) => guarded(() => removeEntries(this.library.db, ids));
  sizeOfGroups = (groupIds: readonly string[]) => sizeOfGroups(this.library, groupIds);
  totals = () => guarded(() => readTotals(this.library.db));
  reserveBlobs = (keys: readonly string[], leaseSeconds: number) =>
    reserveBlobs(this.library, keys, leaseSeconds);
  releaseBlobs = (keys: readonly string[]) => guarded(() => releaseBlobs(this.library.db, keys));
  blobsInUse = (keys: readonly string[]) => guarded(() => blobsInUse(this.library.db, keys));
  blobsKnown = (keys: readonly string[]) => blobsKnown(this.library, keys);
  streamBlobKeys = () => streamBlobKeys(this.library.db);
  maintain = () => guarded(() => this.housekeeping.maintain());
  close = () => this.housekeeping.close();
}

/** For what runs outside a transaction. */
async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translated(error);
  }
}
