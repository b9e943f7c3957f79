import { TestLibrary } from '../testing/test-library';
import { EndedJobs } from './ended-jobs';

const DAY_MS = 24 * 3_600_000;

describe('jobs that have ended', () => {
  it('are forgotten a year later, others are not', async () => {
    const test = await TestLibrary.open();
    const { people } = test.library;
    const { duplicateChecks } = people;
    const started = async () =>
      (await duplicateChecks.create({ groupIds: [await test.group()], minimumScore: 60 })).id;
    const [ended, waiting] = [await started(), await started()];
    await duplicateChecks.cancel(ended);
    await new EndedJobs(people, () => Date.now() + 364 * DAY_MS).runNext();
    expect((await duplicateChecks.list({})).entries.map(({ id }) => id)).toEqual([waiting, ended]);
    await new EndedJobs(people, () => Date.now() + 366 * DAY_MS).runNext();
    expect((await duplicateChecks.list({})).entries.map(({ id }) => id)).toEqual([waiting]);
    await test.close();
  });
});
