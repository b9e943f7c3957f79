import type { PeopleStore } from './people-store';
import type { StoreOptions } from './sql/open-library';
import { describeBlobs } from './testing/contract/blobs';
import { describeConcurrency } from './testing/contract/concurrency';
import { describeDuplicates } from './testing/contract/duplicates';
import { describeFaces } from './testing/contract/faces';
import { describeGroups } from './testing/contract/groups';
import { describeJobs } from './testing/contract/jobs';
import { describeKeeping } from './testing/contract/keeping';
import { describeLimits } from './testing/contract/limits';
import { describeMemberships } from './testing/contract/memberships';
import { describeModelUpgrades } from './testing/contract/model-upgrades';
import { describeModelVersions } from './testing/contract/model-versions';
import { describeOutbox } from './testing/contract/outbox';
import { describePersons } from './testing/contract/persons';

/** A database for the tests of one file. */
export interface StoreFixture {
  /** Opens the store again, with what earlier ones left in it. The store before is closed. */
  open(options?: StoreOptions): Promise<PeopleStore>;
  stop(): Promise<void>;
}

/** What every people store must do. */
export function describePeopleStore(name: string, start: () => Promise<StoreFixture>): void {
  describe(`${name} as a people store`, () => {
    let fixture: StoreFixture;
    let store: PeopleStore;
    beforeAll(async () => {
      fixture = await start();
      store = await fixture.open();
    }, 180_000);
    afterAll(async () => {
      await fixture.stop();
    });

    const current = () => store;
    describeGroups(current);
    describePersons(current);
    describeMemberships(current);
    describeFaces(current);
    describeOutbox(current);
    describeBlobs(current);
    describeJobs(current);
    describeDuplicates(current);
    describeModelVersions(current);
    describeModelUpgrades(current);
    describeConcurrency(current);
    const reopen = async (options?: StoreOptions) => {
      store = await fixture.open(options);
      return store;
    };
    describeLimits(reopen);
    describeKeeping(reopen);
  });
}
