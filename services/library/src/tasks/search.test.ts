import { randomUUID } from 'node:crypto';
import { fuseTemplates } from '@mien/people';
import { Matching, type Photo, SearchRequest } from '@mien/proto';
import { scoreOf } from '@mien/vision';
import sharp from 'sharp';
import { cosineOf, unitVector } from '../index/similarity';
import { newId, TestLibrary } from '../testing/test-library';
import { groupPhoto, TestLine } from '../testing/test-line';
import { searchedGroups } from './searched-groups';

/** Repeatable numbers of -1..1: a linear congruential generator (Numerical Recipes), for directions of all sorts. */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

function direction(seed: number): Float32Array {
  const next = numbers(seed);
  return unitVector(Float32Array.from({ length: 512 }, next));
}

/** A direction as far from another as `share` of a direction of its own makes it. */
function near(vector: Float32Array, seed: number, share: number): Float32Array {
  const own = direction(seed);
  return unitVector(vector.map((value, index) => value + share * (own[index] ?? 0)));
}

describe('search', () => {
  let line: TestLine;
  let store: TestLibrary;
  /** Three people. */
  let photo: Photo;
  /** The same people, taken otherwise. */
  let again: Photo;

  beforeAll(async () => {
    [line, store] = await Promise.all([
      TestLine.open(),
      TestLibrary.open({ limits: { facesPerPerson: 20 } }),
    ]);
    photo = await line.look(groupPhoto(3));
    again = await line.look(
      await sharp(groupPhoto(3)).modulate({ brightness: 1.2 }).jpeg({ quality: 60 }).toBuffer(),
    );
  });
  afterAll(async () => {
    await Promise.all([line.close(), store.close()]);
  });

  const calibration = () => store.library.model.calibrationOf(store.library.model.version);
  const vectorOf = (from: Photo, index: number): Float32Array =>
    Float32Array.from(from.faces[index]?.answer?.template?.vector ?? []);

  /** Puts somebody with faces of these templates into a group. */
  async function enrol(groupId: string, vectors: readonly Float32Array[], id = newId('person')) {
    const { people, index, model } = store.library;
    const [first, ...others] = vectors.map((template) => ({
      id: randomUUID(),
      box: { x: 0, y: 0, width: 100, height: 100 },
      quality: 80,
      modelVersion: model.version,
      template,
    }));
    if (first === undefined) {
      throw new Error('nobody is enrolled without a face');
    }
    await people.createPerson({ id, groupId, name: id, face: first });
    if (others.length > 0) {
      await people.addFaces(id, others);
    }
    await index.follow();
    return { id, faceIds: [first, ...others].map((face) => face.id) };
  }

  function search(probe: Photo | Float32Array, changes: Partial<SearchRequest>) {
    const { version } = store.library.model;
    const request = SearchRequest.fromPartial({
      ...changes,
      ...(probe instanceof Float32Array
        ? { face: { $case: 'template', value: { modelVersion: version, vector: [...probe] } } }
        : {}),
    });
    const photos = probe instanceof Float32Array ? [] : [probe];
    return store.run('search', request, { photos, context: line.context });
  }

  const personsOf = (candidates: readonly { personId: string }[] = []) =>
    candidates.map(({ personId }) => personId);

  describe('of a photo', () => {
    let group: string;
    let persons: string[];
    beforeAll(async () => {
      group = await store.group();
      persons = [];
      for (const [index] of photo.faces.entries()) {
        persons.push((await enrol(group, [vectorOf(photo, index)])).id);
      }
    });

    it('finds its people, largest face first, with their places', async () => {
      const { results, searchedFaces, modelVersion } = await search(again, {
        groupIds: [group],
        maxFaces: 10,
      });
      expect({ searchedFaces, modelVersion }).toEqual({
        searchedFaces: 3,
        modelVersion: store.library.model.version,
      });
      expect(results).toHaveLength(again.faces.length);
      results.forEach((result, index) => {
        expect(result.box).toEqual(again.faces[index]?.answer?.box);
        const cosines = persons.map((id, at) => ({
          id,
          score: scoreOf(cosineOf(vectorOf(again, index), vectorOf(photo, at)), calibration()),
        }));
        cosines.sort((a, b) => b.score - a.score);
        expect(personsOf(result.candidates)).toEqual(cosines.map(({ id }) => id));
        result.candidates.forEach((candidate, at) => {
          expect(candidate.score).toBeCloseTo(cosines[at]?.score ?? -1, 3);
        });
      });
      // Each of the three is found by a face that is surely theirs.
      const sure = results.flatMap(({ candidates: [best] }) =>
        best && best.score > 80 ? [best.personId] : [],
      );
      expect(new Set(sure)).toEqual(new Set(persons));
    });

    it('looks for the largest face alone unless more are asked for', async () => {
      const { results } = await search(again, { groupIds: [group] });
      expect(results).toHaveLength(1);
      expect((await search(again, { groupIds: [group], maxFaces: 2 })).results).toHaveLength(2);
    });

    it('leaves out candidates below the minimum score, and beyond the number asked for', async () => {
      const [best, second] = (await search(again, { groupIds: [group] })).results[0]?.candidates ?? [];
      if (best === undefined || second === undefined) {
        throw new Error('two candidates are expected');
      }
      const scored = async (minimumScore: number) =>
        (await search(again, { groupIds: [group], minimumScore })).results[0]?.candidates;
      expect(await scored(second.score + 0.01)).toEqual([best]);
      expect(await scored(best.score + 0.01)).toEqual([]);
      expect(await scored(second.score - 0.01)).toHaveLength(2);
      const { results } = await search(again, { groupIds: [group], maxCandidates: 1 });
      expect(results[0]?.candidates).toEqual([best]);
    });

    it('refuses faces of low quality one by one', async () => {
      const [first, second, ...others] = again.faces;
      if (first?.answer?.quality === undefined || second === undefined) {
        throw new Error('two faces are expected');
      }
      const blurred = {
        ...first,
        answer: { ...first.answer, quality: { ...first.answer.quality, sharpness: 1 } },
      };
      const faces = [blurred, second, ...others];
      const asked = { groupIds: [group], maxFaces: 2, qualityControl: 1 };
      const { results } = await search({ ...again, faces }, asked);
      expect(results[0]).toMatchObject({
        box: first.answer.box,
        candidates: [],
        refusal: { reason: 'FACE_QUALITY_TOO_LOW', message: expect.stringContaining('sharpness 1') },
      });
      expect(results[1]?.refusal).toBeUndefined();
      expect(results[1]?.candidates.length).toBeGreaterThan(0);
      expect(
        (await search({ ...again, faces }, { ...asked, qualityControl: 0 })).results[0]?.refusal,
      ).toBeUndefined();
      const unasked = { ...first, answer: { ...first.answer, pose: undefined } };
      await expect(search({ ...again, faces: [unasked] }, asked)).rejects.toMatchObject({
        reason: 'INTERNAL',
      });
      await expect(search(again, { groupIds: [group], qualityControl: 5 })).rejects.toMatchObject({
        reason: 'ARGUMENT_INVALID',
        metadata: { field: 'quality_control' },
      });
    });

    it('passes on what is wrong with the photo', async () => {
      const problem = { reason: 'NO_FACE', message: 'the photo shows no face', stage: 'detector' };
      await expect(search({ ...again, problem, faces: [] }, { groupIds: [group] })).rejects.toMatchObject({
        reason: 'NO_FACE',
      });
      await expect(search({ ...again, faces: [] }, { groupIds: [group] })).rejects.toMatchObject({
        reason: 'NO_FACE',
      });
      const noTemplate = again.faces.map((face) => ({ ...face, answer: undefined }));
      await expect(search({ ...again, faces: noTemplate }, { groupIds: [group] })).rejects.toMatchObject({
        reason: 'INTERNAL',
      });
    });
  });

  it('ranks as comparing with every face does', async () => {
    const group = await store.group();
    const persons = await Promise.all(
      Array.from({ length: 60 }, async (_, person) => {
        const base = direction(1000 + person);
        const faces = Array.from({ length: 1 + (person % 3) }, (__, face) =>
          near(base, 5000 + person * 7 + face, 0.8),
        );
        return { ...(await enrol(group, faces)), faces };
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
    const { id } = await enrol(group, faces);
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
    const first = await enrol(group, crowd);
    const others = [await enrol(group, [near(probe, 201, 1)]), await enrol(group, [near(probe, 202, 2)])];
    const { results } = await search(probe, { groupIds: [group], maxCandidates: 3 });
    const candidates = results[0]?.candidates ?? [];
    expect(personsOf(candidates)).toEqual([first, ...others].map(({ id }) => id));
    const best = crowd.map((face) => cosineOf(probe, face));
    expect(candidates[0]?.faceId).toBe(first.faceIds[best.indexOf(Math.max(...best))]);
  });

  it('looks into several groups together or into each on its own', async () => {
    const [a, b, empty] = [await store.group(), await store.group(), await store.group()];
    const probe = direction(2);
    const inA = await enrol(a, [near(probe, 301, 0.5)]);
    const inB = await enrol(b, [near(probe, 302, 1)]);
    const inBoth = await enrol(a, [near(probe, 303, 0.2)]);
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
    const gone = await enrol(group, [near(probe, 401, 0.1)]);
    const moved = await enrol(group, [near(probe, 402, 0.2)]);
    const here = await enrol(group, [near(probe, 403, 0.3)]);
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
    const { id } = await enrol(group, [near(probe, 501, 0.2), near(probe, 502, 0.3)]);
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
    await enrol(a, [direction(7), direction(8)]);
    await enrol(b, [direction(9)]);
    expect(await searchedGroups([a, b], store.library, 3)).toMatchObject({ faces: 3 });
    await expect(searchedGroups([a, b], store.library, 2)).rejects.toMatchObject({
      reason: 'LIMIT_REACHED',
      metadata: { limit: 'facesPerSearch', maximum: '2' },
    });
  });
});
