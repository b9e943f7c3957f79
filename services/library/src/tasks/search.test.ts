import { fuseTemplates } from '@mien/people';
import { Matching, SearchRequest } from '@mien/proto';
import { scoreOf } from '@mien/vision';
import { cosineOf } from '../index/similarity';
import { direction, near } from '../testing/directions';
import { TestLibrary } from '../testing/test-library';
import { searchedGroups } from './searched-groups';

describe('search', () => {
  let store: TestLibrary;

  beforeAll(async () => {
    store = await TestLibrary.open({ limits: { facesPerPerson: 20 } });
  });
  afterAll(() => store.close());

  const calibration = () => store.library.model.calibrationOf(store.library.model.version);

  function search(vector: Float32Array, changes: Partial<SearchRequest>) {
    const value = { modelVersion: store.library.model.version, vector: [...vector] };
    const request = SearchRequest.fromPartial({ ...changes, face: { $case: 'template', value } });
    return store.run('search', request, {});
  }

  const personsOf = (candidates: readonly { personId: string }[] = []) =>
    candidates.map(({ personId }) => personId);

  it('ranks as comparing with every face does', async () => {
    const group = await store.group();
    const persons = await Promise.all(
      Array.from({ length: 60 }, async (_, person) => {
        const base = direction(1000 + person);
        const faces = Array.from({ length: 1 + (person % 3) }, (__, face) =>
          near(base, 5000 + person * 7 + face, 0.8),
        );
        return { ...(await store.enrolTemplates(group, faces)), faces };
      }),
    );
    for (let probe = 0; probe < 20; probe++) {
      const vector = near(direction(1000 + probe), 9000 + probe, 0.8);
      const byFace = persons
        .map(({ id, faces }) => ({ id, cosine: Math.max(...faces.map((face) => cosineOf(vector, face))) }))
        .sort((a, b) => b.cosine - a.cosine);
      const { results } = await search(vector, { groupIds: [group], maxCandidates: 10 });
      expect(personsOf(results[0]?.candidates)).toEqual(byFace.slice(0, 10).map(({ id }) => id));
      const whole = persons
        .map(({ id, faces }) => ({ id, cosine: cosineOf(vector, fuseTemplates(faces)) }))
        .sort((a, b) => b.cosine - a.cosine);
      const fused = await search(vector, {
        groupIds: [group],
        maxCandidates: 10,
        matching: Matching.MATCHING_FUSED,
      });
      const candidates = fused.results[0]?.candidates ?? [];
      expect(personsOf(candidates)).toEqual(whole.slice(0, 10).map(({ id }) => id));
      expect(candidates[0]).toMatchObject({ faceId: '' });
      expect(candidates[0]?.score).toBeCloseTo(scoreOf(whole[0]?.cosine ?? 0, calibration()), 3);
    }
  });

  it('finds persons as a whole by a score that none of their faces reaches', async () => {
    const group = await store.group();
    const probe = direction(10);
    const faces = [near(probe, 601, 1), near(probe, 602, 1), near(probe, 603, 1)];
    const { id } = await store.enrolTemplates(group, faces);
    const best = scoreOf(Math.max(...faces.map((face) => cosineOf(probe, face))), calibration());
    const asked = { groupIds: [group], minimumScore: best + 1 };
    expect((await search(probe, asked)).results[0]?.candidates).toEqual([]);
    const { results } = await search(probe, { ...asked, matching: Matching.MATCHING_FUSED });
    expect(personsOf(results[0]?.candidates)).toEqual([id]);
  });

  it('names each person once, by the best face, however many faces crowd around the probe', async () => {
    const group = await store.group();
    const probe = direction(1);
    const crowd = Array.from({ length: 20 }, (_, index) => near(probe, 100 + index, 0.1 + index / 1000));
    const first = await store.enrolTemplates(group, crowd);
    const others = [
      await store.enrolTemplates(group, [near(probe, 201, 1)]),
      await store.enrolTemplates(group, [near(probe, 202, 2)]),
    ];
    const { results } = await search(probe, { groupIds: [group], maxCandidates: 3 });
    const candidates = results[0]?.candidates ?? [];
    expect(personsOf(candidates)).toEqual([first, ...others].map(({ id }) => id));
    const best = crowd.map((face) => cosineOf(probe, face));
    expect(candidates[0]?.faceId).toBe(first.faceIds[best.indexOf(Math.max(...best))]);
  });

  it('looks into several groups together or into each on its own', async () => {
    const [a, b, empty] = [await store.group(), await store.group(), await store.group()];
    const probe = direction(2);
    const inA = await store.enrolTemplates(a, [near(probe, 301, 0.5)]);
    const inB = await store.enrolTemplates(b, [near(probe, 302, 1)]);
    const inBoth = await store.enrolTemplates(a, [near(probe, 303, 0.2)]);
    await store.library.people.addToGroups(inBoth.id, [b]);
    await store.library.index.follow();

    const joined = await search(probe, { groupIds: [a, b, empty, a] });
    expect(joined.searchedFaces).toBe(4);
    expect(joined.results).toEqual([
      expect.objectContaining({ box: undefined, groups: [], refusal: undefined }),
    ]);
    expect(personsOf(joined.results[0]?.candidates)).toEqual([inBoth.id, inA.id, inB.id]);

    const { results } = await search(probe, { groupIds: [empty, a, b], perGroup: true, maxCandidates: 1 });
    expect(results[0]?.candidates).toEqual([]);
    expect(results[0]?.groups.map(({ groupId, candidates }) => [groupId, personsOf(candidates)])).toEqual([
      [empty, []],
      [a, [inBoth.id]],
      [b, [inBoth.id]],
    ]);
    const fused = await search(probe, {
      groupIds: [a, b],
      perGroup: true,
      matching: Matching.MATCHING_FUSED,
    });
    expect(fused.results[0]?.groups.map(({ candidates }) => personsOf(candidates))).toEqual([
      [inBoth.id, inA.id],
      [inBoth.id, inB.id],
    ]);
  });

  it('never names who was deleted or left the group', async () => {
    const [group, other] = [await store.group(), await store.group()];
    const probe = direction(3);
    const gone = await store.enrolTemplates(group, [near(probe, 401, 0.1)]);
    const moved = await store.enrolTemplates(group, [near(probe, 402, 0.2)]);
    const here = await store.enrolTemplates(group, [near(probe, 403, 0.3)]);
    // The index is told of nothing: what it finds is looked up in the database.
    await store.library.people.deletePerson(gone.id);
    await store.library.people.addToGroups(moved.id, [other]);
    await store.library.people.removeFromGroup(moved.id, group);
    for (const matching of [Matching.MATCHING_BEST_FACE, Matching.MATCHING_FUSED]) {
      for (const perGroup of [false, true]) {
        const { results } = await search(probe, { groupIds: [group], matching, perGroup, withPersons: true });
        const [{ candidates = [], groups = [] } = {}] = results;
        expect(personsOf(perGroup ? groups[0]?.candidates : candidates)).toEqual([here.id]);
      }
    }
  });

  it('tells all about the persons when asked to', async () => {
    const [group, other] = [await store.group(), await store.group()];
    const probe = direction(4);
    const { id } = await store.enrolTemplates(group, [near(probe, 501, 0.2), near(probe, 502, 0.3)]);
    await store.library.people.addToGroups(id, [other]);
    const without = await search(probe, { groupIds: [group] });
    expect(without.results[0]?.candidates[0]?.person).toBeUndefined();
    for (const perGroup of [false, true]) {
      const { results } = await search(probe, { groupIds: [group], withPersons: true, perGroup });
      const [candidate] = (perGroup ? results[0]?.groups[0]?.candidates : results[0]?.candidates) ?? [];
      expect(candidate?.person).toMatchObject({
        id,
        name: id,
        memberships: [{ groupId: group }, { groupId: other }],
      });
      expect(candidate?.person?.faces).toHaveLength(2);
    }
  });

  it('answers nobody for groups without members', async () => {
    const groupIds = [await store.group(), await store.group()];
    const probe = direction(5);
    expect(await search(probe, { groupIds, withPersons: true })).toMatchObject({
      searchedFaces: 0,
      results: [{ candidates: [], groups: [] }],
    });
    const { results } = await search(probe, { groupIds, perGroup: true, matching: Matching.MATCHING_FUSED });
    expect(results[0]?.groups).toEqual(groupIds.map((groupId) => ({ groupId, candidates: [] })));
  });

  it('refuses what it can not look for', async () => {
    const group = await store.group();
    const probe = direction(6);
    const refused = (changes: Partial<SearchRequest>, by: object) =>
      expect(search(probe, { groupIds: [group], ...changes })).rejects.toMatchObject(by);
    await refused({ groupIds: [] }, { reason: 'ARGUMENT_INVALID', metadata: { field: 'group_ids' } });
    const many = Array.from({ length: 101 }, (_, index) => `group-x${index}`);
    await refused({ groupIds: many }, { reason: 'ARGUMENT_INVALID', metadata: { field: 'group_ids' } });
    await refused(
      { groupIds: [group, 'nowhere'] },
      { reason: 'GROUP_NOT_FOUND', metadata: { groupId: 'nowhere' } },
    );
    await refused({ groupIds: ['no id!'] }, { reason: 'ARGUMENT_INVALID' });
    await refused({ groupIds: [group, await store.group('next-1')] }, { reason: 'MODEL_VERSIONS_DIFFER' });
    await refused({ maxFaces: 11 }, { reason: 'ARGUMENT_INVALID', metadata: { field: 'max_faces' } });
    await refused(
      { maxCandidates: 101 },
      { reason: 'ARGUMENT_INVALID', metadata: { field: 'max_candidates' } },
    );
    await refused(
      { minimumScore: 101 },
      { reason: 'ARGUMENT_INVALID', metadata: { field: 'minimum_score' } },
    );
    await refused({ minimumScore: Number.NaN }, { reason: 'ARGUMENT_INVALID' });
    await refused({ matching: 'MATCHING_GUESSED' as Matching }, { reason: 'ARGUMENT_INVALID' });
    await expect(search(new Float32Array(512), { groupIds: [group] })).rejects.toMatchObject({
      reason: 'ARGUMENT_INVALID',
      metadata: { field: 'template.vector' },
    });
  });

  it('refuses groups that have too many faces together', async () => {
    const [a, b] = [await store.group(), await store.group()];
    await store.enrolTemplates(a, [direction(7), direction(8)]);
    await store.enrolTemplates(b, [direction(9)]);
    const { people, settings } = store.library;
    const atMost = (facesPerSearch: number) =>
      searchedGroups([a, b], { people, settings: { ...settings, facesPerSearch } });
    expect(await atMost(3)).toMatchObject({ faces: 3 });
    await expect(atMost(2)).rejects.toMatchObject({
      reason: 'LIMIT_REACHED',
      metadata: { limit: 'facesPerSearch', maximum: '2' },
    });
  });
});
