import { fuseTemplates, type IndexedTemplate } from '@mien/people';
import {
  AddFacesRequest,
  CreatePersonRequest,
  Matching,
  type Photo,
  type Template,
  VerifyPersonRequest,
} from '@mien/proto';
import { scoreOf } from '@mien/vision';
import { cosineOf } from '../index/similarity';
import { newId, TestLibrary, withFace } from '../testing/test-library';
import { groupPhoto, TestLine } from '../testing/test-line';

describe('verification', () => {
  let line: TestLine;
  let store: TestLibrary;
  /** One person in two photos, and two others. */
  let ada: Photo[];
  let others: Photo[];
  let person: string;

  beforeAll(async () => {
    [line, store] = await Promise.all([TestLine.open(), TestLibrary.open()]);
    const [first, third] = [await line.look(groupPhoto(1)), await line.look(groupPhoto(3))];
    ada = [withFace(first, 0), withFace(third, 0)];
    others = [withFace(first, 1), withFace(third, 1)];
    person = newId('person');
    const request = CreatePersonRequest.fromPartial({
      id: person,
      groupId: await store.group(),
      name: 'Ada',
    });
    await store.run('createPerson', request, { photos: ada.slice(0, 1), context: line.context });
  });
  afterAll(async () => {
    await Promise.all([line.close(), store.close()]);
  });

  const templateOf = (photo: Photo | undefined): Template => {
    const template = photo?.faces[0]?.answer?.template;
    if (template === undefined) {
      throw new Error('the photo has no template');
    }
    return template;
  };
  const stored = (): Promise<readonly IndexedTemplate[]> => store.library.people.templatesOfPersons([person]);
  const scoreFor = (cosine: number): number =>
    scoreOf(cosine, store.library.model.calibrationOf(store.library.model.version));

  function verify(photo: Photo | undefined, changes: Partial<VerifyPersonRequest> = {}) {
    const request = VerifyPersonRequest.fromPartial({ personId: person, ...changes });
    const photos = photo === undefined ? [] : [photo];
    return store.run('verifyPerson', request, { photos, context: line.context });
  }

  it('tells a person in another photo from others', async () => {
    const same = await verify(ada[1]);
    expect(same).toMatchObject({ matched: true, threshold: 60, modelVersion: store.library.model.version });
    expect(same.score).toBeGreaterThan(70);
    expect((await verify(ada[0])).score).toBeCloseTo(100, 3);
    for (const other of others) {
      const { matched, score } = await verify(other);
      expect(matched).toBe(false);
      expect(score).toBeLessThan(40);
    }
  });

  it('decides at the threshold that is asked for', async () => {
    const { score } = await verify(ada[1]);
    expect(await verify(ada[1], { threshold: score + 0.01 })).toMatchObject({
      matched: false,
      threshold: score + 0.01,
    });
    expect(await verify(ada[1], { threshold: score })).toMatchObject({ matched: true, threshold: score });
    expect(await verify(others[0], { threshold: 0 })).toMatchObject({ matched: true, threshold: 0 });
    for (const threshold of [-1, 100.5, Number.NaN]) {
      await expect(verify(ada[0], { threshold })).rejects.toMatchObject({
        reason: 'ARGUMENT_INVALID',
        metadata: { field: 'threshold' },
      });
    }
  });

  it('goes by the best face, or by all of them together', async () => {
    // A second face that is none of the person's, so that the two ways differ.
    const request = AddFacesRequest.fromPartial({ personId: person, minimumSimilarity: 0 });
    await store.run('addFaces', request, { photos: others.slice(0, 1), context: line.context });
    const templates = await stored();
    expect(templates).toHaveLength(2);
    const probe = Float32Array.from(templateOf(ada[1]).vector);
    const [first, second] = templates;

    const byFace = await verify(ada[1], { matching: Matching.MATCHING_BEST_FACE });
    expect(byFace.faceId).toBe(first?.faceId);
    expect(byFace.score).toBeCloseTo(scoreFor(cosineOf(probe, first?.vector ?? probe)), 3);
    expect(await verify(ada[1])).toEqual(byFace);
    expect((await verify(others[0])).faceId).toBe(second?.faceId);

    const fused = await verify(ada[1], { matching: Matching.MATCHING_FUSED });
    expect(fused.faceId).toBe('');
    const mean = fuseTemplates(templates.map(({ vector }) => vector));
    expect(fused.score).toBeCloseTo(scoreFor(cosineOf(probe, mean)), 3);
    expect(Math.abs(fused.score - byFace.score)).toBeGreaterThan(1);
    await expect(verify(ada[1], { matching: 'MATCHING_GUESSED' as Matching })).rejects.toMatchObject({
      reason: 'ARGUMENT_INVALID',
    });
  });

  it('takes a template instead of a photo', async () => {
    const value = templateOf(ada[1]);
    const byTemplate = await verify(undefined, { face: { $case: 'template', value } });
    expect(byTemplate).toEqual(await verify(ada[1]));
    const { modelVersion, vector } = value;
    await expect(
      verify(undefined, { face: { $case: 'template', value: { modelVersion, vector: vector.slice(2) } } }),
    ).rejects.toMatchObject({ reason: 'ARGUMENT_INVALID', metadata: { field: 'template.vector' } });
    await expect(
      verify(undefined, { face: { $case: 'template', value: { modelVersion: 'other-1', vector } } }),
    ).rejects.toMatchObject({ reason: 'MODEL_VERSIONS_DIFFER' });
  });

  it('passes on what is wrong with person or photo', async () => {
    const problem = { reason: 'FACE_QUALITY_TOO_LOW', message: 'too dark', stage: 'landmark', metadata: {} };
    const [photo] = ada;
    if (photo === undefined) {
      throw new Error('the photo is missing');
    }
    await expect(verify({ ...photo, problem })).rejects.toMatchObject({ reason: 'FACE_QUALITY_TOO_LOW' });
    await expect(verify({ ...photo, faces: [] })).rejects.toMatchObject({ reason: 'NO_FACE' });
    await expect(verify(undefined)).rejects.toMatchObject({ reason: 'IMAGE_MISSING' });
    await expect(verify(photo, { personId: 'nobody' })).rejects.toMatchObject({ reason: 'PERSON_NOT_FOUND' });
    await expect(verify(photo, { personId: '' })).rejects.toMatchObject({ reason: 'ARGUMENT_INVALID' });
    await store.library.people.deletePerson(person);
    await expect(verify(photo)).rejects.toMatchObject({ reason: 'PERSON_NOT_FOUND' });
  });
});
