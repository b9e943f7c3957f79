import type { PeopleStore } from '@mien/people';
import type { BackgroundWork } from './background';

/** How long jobs that have ended, and what they found, can be read. */
const KEPT_MS = 365 * 24 * 3_600_000;

/** Forgets jobs that ended a year ago. */
export class EndedJobs implements BackgroundWork {
  readonly name = 'ended jobs';

  constructor(
    private readonly people: Pick<PeopleStore, 'duplicateChecks' | 'modelUpgrades'>,
    private readonly now: () => number = Date.now,
  ) {}

  async runNext(): Promise<boolean> {
    const before = new Date(this.now() - KEPT_MS);
    await this.people.duplicateChecks.deleteEnded(before);
    await this.people.modelUpgrades.deleteEnded(before);
    return false;
  }
}
