import { type Photo, SearchRequest } from '@mien/proto';
import { scoreOf } from '@mien/vision';
import sharp from 'sharp';
import { cosineOf } from '../index/similarity';
import { TestLibrary } from '../testing/test-library';
import { groupPhoto, TestLine } from '../testing/test-line';

describe('search', () => {
  let line: TestLine;
  let store: TestLibrary;
  /** Three people. */
  let photo: Photo;
  /** The same people, taken otherwise. */
  let again: Photo;

  beforeAll(async () => {
    [line, store] = await Promise.all([TestLine.open(), TestLibrary.open()]);
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

  const search = (probe: Photo, changes: Partial<SearchRequest>) =>
    store.run('search', SearchRequest.fromPartial(changes), { photos: [probe], context: line.context });

  const personsOf = (candidates: readonly { personId: string }[]) =>
    candidates.map(({ personId }) => personId);

  describe('of a photo', () => {
    let group: string;
    let persons: string[];
    beforeAll(async () => {
      group = await store.group();
      persons = [];
      for (const [index] of photo.faces.entries()) {
        persons.push((await store.enrolTemplates(group, [vectorOf(photo, index)])).id);
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
      const problem = {
        reason: 'NO_FACE',
        message: 'the photo shows no face',
        stage: 'detector',
        metadata: {},
      };
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
});
