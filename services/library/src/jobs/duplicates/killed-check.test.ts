import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenLibrary } from '../../open-library';
import { CHECK_PACE } from '../testing/checking-process';
import { libraryIn } from '../testing/library-in';
import { enrol } from '../testing/look-alikes';
import { DuplicateCheckWork } from './duplicate-check-work';

const PAIRS = 30;
const GROUP = 'twins';

describe('a duplicate check whose process is killed', () => {
  let folder: string;
  let library: OpenLibrary | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mien-killed-check-'));
  });
  afterEach(async () => {
    await library?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Pairs of two, the second enrolled long after the first. */
  async function twins(people: OpenLibrary['people'], modelVersion: string): Promise<string[][]> {
    await people.createGroup({ id: GROUP, name: GROUP, modelVersion });
    for (let identity = 0; identity < PAIRS; identity++) {
      await enrol(people, { id: `a-${identity}`, groupId: GROUP, identity, samples: [0] });
    }
    for (let identity = 0; identity < PAIRS; identity++) {
      await enrol(people, { id: `b-${identity}`, groupId: GROUP, identity, samples: [1] });
    }
    return Array.from({ length: PAIRS }, (_, identity) => [`a-${identity}`, `b-${identity}`]);
  }

  it('is finished by the next one, which does not begin anew', async () => {
    library = await libraryIn(folder);
    const expected = await twins(library.people, library.model.version);
    const { id } = await library.people.duplicateChecks.create({ groupIds: [GROUP], minimumScore: 60 });
    await library.close();

    const doomed = fork(join(__dirname, '../../../dist/jobs/testing/checking-process.js'), [folder]);
    await saves(doomed, 2);
    const gone = once(doomed, 'exit');
    doomed.kill('SIGKILL');
    await gone;

    library = await libraryIn(folder);
    const checks = library.people.duplicateChecks;
    const found = await checks.get(id);
    expect(found.state).toBe('running');
    expect(found.facesDone).toBeGreaterThanOrEqual(2 * CHECK_PACE.batchSize);
    expect(found.facesDone).toBeLessThan(2 * PAIRS);
    const work = new DuplicateCheckWork(library, CHECK_PACE);
    const { signal } = new AbortController();
    while (!(await work.runNext(signal))) {
      // Until the dead process's lease has ended, the check counts as its own.
    }
    expect(await checks.get(id)).toMatchObject({ state: 'done', facesDone: 2 * PAIRS });
    const { entries } = await checks.pairs(id, {});
    const pairs = entries.map(({ first, second }) => [first.personId, second.personId]);
    expect(pairs.sort()).toEqual(expected.sort());
  }, 120_000);
});

/** Waits until the process has saved so many batches. */
async function saves(child: ChildProcess, count: number): Promise<void> {
  for (let saved = 0; saved < count; saved++) {
    await once(child, 'message');
  }
}
