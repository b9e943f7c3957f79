import type { Library } from '../../library';
import { newId, TestLibrary } from '../../testing/test-library';
import { afterCheckSaves } from '../testing/after-saves';
import { enrol, face } from '../testing/look-alikes';
import { facesAlike } from './alike';
import { listClusters } from './cluster-pages';
import { DuplicateCheckWork } from './duplicate-check-work';
import { estimateCheck } from './estimate';

const SCORE = 60;

describe('the duplicate check', () => {
  let test: TestLibrary;
  let library: Library;
  const { signal } = new AbortController();

  beforeAll(async () => {
    test = await TestLibrary.open({ limits: { facesPerPerson: 20 } });
    library = test.library;
  });
  afterAll(() => test.close());

  /** Enrols somebody and returns the id. */
  async function person(groupId: string, identity: number, ...samples: number[]): Promise<string> {
    const id = newId('person');
    await enrol(library.people, { id, groupId, identity, samples });
    return id;
  }

  async function checked(groupIds: string[], batchSize = 500) {
    const check = await library.people.duplicateChecks.create({ groupIds, minimumScore: SCORE });
    const work = new DuplicateCheckWork(library, { batchSize });
    expect(await work.runNext(signal)).toBe(true);
    expect(await work.runNext(signal)).toBe(false);
    return library.people.duplicateChecks.get(check.id);
  }

  async function pairsOf(id: string): Promise<string[][]> {
    const { entries } = await library.people.duplicateChecks.pairs(id, {});
    return entries.map(({ first, second }) => [first.personId, second.personId]).sort();
  }

  const inOrder = (...pairs: [string, string][]) => pairs.map((pair) => [...pair].sort()).sort();

  it('finds everybody who is enrolled twice, nobody else, and a person never as a pair with itself', async () => {
    const group = await test.group();
    const once = [await person(group, 1, 0, 1, 2), await person(group, 2, 0)];
    const [a, b] = [await person(group, 3, 0), await person(group, 3, 1, 2)];
    const [c, d] = [await person(group, 4, 0), await person(group, 4, 1)];
    const check = await checked([group], 3);
    expect(check).toMatchObject({ state: 'done', facesDone: 9, facesTotal: 9, pairsFound: 2 });
    expect(await pairsOf(check.id)).toEqual(inOrder([a, b], [c, d]));
    expect(once).toHaveLength(2);
    const { entries } = await library.people.duplicateChecks.pairs(check.id, {});
    expect(entries.every(({ score }) => score >= SCORE && score <= 100)).toBe(true);
  });

  it('looks across groups, and at those groups alone', async () => {
    const [one, two, three] = [await test.group(), await test.group(), await test.group()];
    const [a, b, c] = [await person(one, 10, 0), await person(two, 10, 1), await person(three, 10, 2)];
    const both = await person(one, 11, 0);
    await library.people.addToGroups(both, [two]);
    const check = await checked([one, two]);
    expect(check).toMatchObject({ state: 'done', facesDone: 3, facesTotal: 3 });
    expect(await pairsOf(check.id)).toEqual(inOrder([a, b]));
    expect(await pairsOf((await checked([one])).id)).toEqual([]);
    expect(await pairsOf((await checked([one, two, three])).id)).toEqual(inOrder([a, b], [a, c], [b, c]));
  });

  it('finds all faces that are alike, however many a person has', async () => {
    const group = await test.group();
    const many = await person(group, 20, ...Array.from({ length: 20 }, (_, sample) => sample));
    const other = await person(group, 20, 50);
    await library.index.follow();
    const [probe] = await library.people.templatesOfPersons([other]);
    const near = await facesAlike(library.index, probe === undefined ? [] : [probe], {
      groupIds: [group],
      modelVersion: library.model.version,
      minimumCosine: 0.5,
    });
    expect(near[0]?.map(({ face: { personId } }) => personId).sort()).toEqual(
      [...Array.from({ length: 20 }, () => many), other].sort(),
    );
    const check = await checked([group]);
    expect(await pairsOf(check.id)).toEqual(inOrder([many, other]));
  });

  it('makes clusters of people who are connected, page by page', async () => {
    const group = await test.group();
    const ids: string[][] = [];
    for (let identity = 30; identity < 36; identity++) {
      const size = identity === 33 ? 14 : 2 + (identity % 2);
      const members: string[] = [];
      for (let sample = 0; sample < size; sample++) {
        members.push(await person(group, identity, sample));
      }
      ids.push(members.sort());
    }
    const { id } = await checked([group]);
    const expected = ids.sort((a, b) => b.length - a.length || ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1));
    const checks = library.people.duplicateChecks;
    const seen: (readonly string[])[] = [];
    let cursor: string | undefined;
    do {
      const page = await listClusters(checks, id, { size: 2, ...(cursor === undefined ? {} : { cursor }) });
      expect(page.total).toBe(6);
      expect(page.entries.every(({ weakestScore }) => weakestScore >= SCORE)).toBe(true);
      seen.push(...page.entries.map(({ personIds }) => personIds));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(expected);
    await expect(listClusters(checks, id, { cursor: 'bm9uc2Vuc2U' })).rejects.toMatchObject({
      reason: 'CURSOR_INVALID',
    });
  });

  it('forgets who was deleted since', async () => {
    const group = await test.group();
    const [a, b, c] = [await person(group, 40, 0), await person(group, 40, 1), await person(group, 40, 2)];
    const { id } = await checked([group]);
    expect(await pairsOf(id)).toEqual(inOrder([a, b], [a, c], [b, c]));
    await library.people.deletePerson(b);
    await library.index.follow();
    expect(await pairsOf(id)).toEqual(inOrder([a, c]));
    const { entries } = await listClusters(library.people.duplicateChecks, id, {});
    expect(entries.map(({ personIds }) => personIds)).toEqual([[a, c].sort()]);
  });

  it('goes on where it was stopped, with the library as it was at its start', async () => {
    const group = await test.group();
    const pairs: [string, string][] = [];
    for (let identity = 50; identity < 56; identity++) {
      pairs.push([await person(group, identity, 0), await person(group, identity, 1)]);
    }
    const { id } = await library.people.duplicateChecks.create({ groupIds: [group], minimumScore: SCORE });
    const stop = new AbortController();
    const stopping = new DuplicateCheckWork(
      afterCheckSaves(library, 2, async () => stop.abort()),
      { batchSize: 3 },
    );
    await expect(stopping.runNext(stop.signal)).rejects.toThrow();
    const halfway = await library.people.duplicateChecks.get(id);
    expect(halfway).toMatchObject({ state: 'queued', facesDone: 6, facesTotal: 12 });
    await person(group, 50, 2);
    await library.people.addFaces(pairs[1]?.[0] ?? '', [face(52, 9, library.model.version)]);
    await library.index.follow();
    await new DuplicateCheckWork(library, { batchSize: 3 }).runNext(signal);
    expect(await library.people.duplicateChecks.get(id)).toMatchObject({ state: 'done', facesDone: 12 });
    expect(await pairsOf(id)).toEqual(inOrder(...pairs));
  });

  it('stops when it is cancelled, and keeps what it found', async () => {
    const group = await test.group();
    const [a, b] = [await person(group, 60, 0), await person(group, 60, 1)];
    await person(group, 61, 0);
    const { id } = await library.people.duplicateChecks.create({ groupIds: [group], minimumScore: SCORE });
    const cancelled = afterCheckSaves(library, 1, async () => {
      await library.people.duplicateChecks.cancel(id);
    });
    expect(await new DuplicateCheckWork(cancelled, { batchSize: 2 }).runNext(signal)).toBe(true);
    expect(await library.people.duplicateChecks.get(id)).toMatchObject({ state: 'cancelled', facesDone: 2 });
    expect(await pairsOf(id)).toEqual(inOrder([a, b]));
    await expect(listClusters(library.people.duplicateChecks, id, {})).rejects.toMatchObject({
      reason: 'JOB_NOT_DONE',
    });
  });

  it('of a group that was deleted meanwhile ends with what there is', async () => {
    const group = await test.group();
    await person(group, 65, 0);
    const { id } = await library.people.duplicateChecks.create({ groupIds: [group], minimumScore: SCORE });
    await library.people.deleteGroup(group);
    await library.index.follow();
    await new DuplicateCheckWork(library).runNext(signal);
    expect(await library.people.duplicateChecks.get(id)).toMatchObject({ state: 'done', pairsFound: 0 });
  });

  it('that no model pack knows the model of fails and says why', async () => {
    const group = await test.group('model-of-old');
    const { id } = await library.people.duplicateChecks.create({ groupIds: [group], minimumScore: SCORE });
    await new DuplicateCheckWork(library).runNext(signal);
    expect(await library.people.duplicateChecks.get(id)).toMatchObject({
      state: 'failed',
      failure: { reason: 'MODEL_VERSIONS_DIFFER' },
    });
  });

  it('is estimated from a sample', async () => {
    const group = await test.group();
    for (let identity = 70; identity < 80; identity++) {
      await person(group, identity, 0, 1);
    }
    const plan = { groupIds: [group], modelVersion: library.model.version, minimumScore: SCORE };
    const { faces, seconds } = await estimateCheck(library, plan);
    expect(faces).toBe(20);
    const started = performance.now();
    await checked([group]);
    const took = (performance.now() - started) / 1_000;
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThan(took * 20);
    const nobody = await test.group();
    expect(await estimateCheck(library, { ...plan, groupIds: [nobody] })).toEqual({ faces: 0, seconds: 0 });
  });
});
