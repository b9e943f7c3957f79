import { randomUUID } from 'node:crypto';
import { CreatePersonRequest, type Photo } from '@mien/proto';
import { decodePhoto } from '@mien/vision';
import { newId, TestLibrary, withFace } from '../testing/test-library';
import { groupPhoto, TestLine } from '../testing/test-line';
import { enrolFaces } from './enrolment';

const LIMITS = { maxBytes: 1e7, maxSide: 8000, minSide: 20, maxPixels: 25e6 };

describe('enrolment', () => {
  let line: TestLine;
  let store: TestLibrary;
  /** Three people. */
  let photo: Photo;
  let group: string;

  beforeAll(async () => {
    [line, store] = await Promise.all([TestLine.open(), TestLibrary.open({ keepPhotos: true })]);
    photo = await line.look(groupPhoto(1));
  });
  beforeEach(async () => {
    group = await store.group();
  });
  afterAll(async () => {
    await Promise.all([line.close(), store.close()]);
  });

  const face = (index: number): Photo => withFace(photo, index);
  const templateOf = (one: Photo) => {
    const template = one.faces[0]?.answer?.template;
    if (template === undefined) {
      throw new Error('the face has no template');
    }
    return template;
  };

  function enrol(
    one: Photo | undefined,
    changes: Partial<CreatePersonRequest> = {},
    { jobId = newId('job'), within = store } = {},
  ) {
    const request = CreatePersonRequest.fromPartial({
      groupId: group,
      id: newId('person'),
      name: 'Ada',
      ...changes,
    });
    const given = one === undefined ? [] : [one];
    return within.run('createPerson', request, { photos: given, jobId, context: line.context });
  }

  it('keeps face, template, crop and photo, and is found from then on', async () => {
    const one = face(0);
    const { person, similar } = await enrol(one, { name: 'Ada Lovelace' });
    expect(similar).toBeUndefined();
    expect(person).toMatchObject({ name: 'Ada Lovelace', memberships: [{ groupId: group }] });
    const [enrolled] = person?.faces ?? [];
    const answer = one.faces[0]?.answer;
    expect(enrolled?.modelVersion).toBe(store.library.model.version);
    expect(enrolled?.quality).toBeCloseTo(answer?.quality?.score ?? 0, 3);
    expect(enrolled?.box?.width).toBeCloseTo(answer?.box?.width ?? 0, 3);

    const [template] = await store.library.people.templatesOfFaces([enrolled?.id ?? '']);
    expect([...(template?.vector ?? [])]).toEqual([...Float32Array.from(templateOf(one).vector)]);
    const [match] = await store.library.index.nearest(Float32Array.from(templateOf(one).vector), {
      groupIds: [group],
      modelVersion: store.library.model.version,
      count: 1,
    });
    expect(match?.face.faceId).toBe(enrolled?.id);
    expect(await store.library.people.readOutbox('index')).toEqual([]);
  });

  it('stores the aligned face without loss, and the photo as it came', async () => {
    const one = face(1);
    const { person } = await enrol(one);
    const kept = (await store.library.people.getPerson(person?.id ?? '')).faces[0];
    const crop = await decodePhoto(await store.library.objects.get({ key: kept?.cropKey ?? '' }), LIMITS);
    const aligned = one.faces[0]?.aligned;
    expect([crop.width, crop.height]).toEqual([112, 112]);
    const pixels = aligned?.pixels?.$case === 'rgb' ? aligned.pixels.value : Buffer.alloc(0);
    expect(Buffer.from(crop.data).equals(pixels)).toBe(true);
    const whole = await store.library.objects.get({ key: kept?.photoKey ?? '' });
    expect(whole.equals(groupPhoto(1))).toBe(true);
    // Nobody but this face uses them.
    const scope = kept?.id.replaceAll('-', '') ?? '';
    expect(kept?.cropKey).toContain(scope);
    expect(kept?.photoKey).toContain(scope);
    expect(await store.library.people.blobsKnown([kept?.cropKey ?? '', kept?.photoKey ?? ''])).toHaveProperty(
      'size',
      2,
    );
  });

  it('has only reserved its blobs until it is committed', async () => {
    const { people, blobs } = store.library;
    const one = face(2);
    const [inPhoto] = one.faces;
    const toEnrol = {
      id: randomUUID(),
      modelVersion: store.library.model.version,
      template: Float32Array.from(templateOf(one).vector),
      ...(inPhoto === undefined ? {} : { inPhoto }),
      photo: one,
    };
    // As far as a process comes that is killed before its commit.
    const keys = await enrolFaces([toEnrol], store.library, line.context, async (faces) =>
      faces.flatMap(({ cropKey, photoKey }) => [cropKey ?? '', photoKey ?? '']),
    );
    expect(await store.storedKeys()).toEqual(expect.arrayContaining(keys));
    expect(await people.blobsInUse(keys)).toEqual(new Set());
    expect(await people.blobsKnown(keys)).toEqual(new Set(keys));
    await blobs.follow();
    expect(await store.storedKeys()).toEqual(expect.arrayContaining(keys));
    // The end of the lease.
    await people.releaseBlobs(keys);
    await blobs.follow();
    expect(await store.storedKeys()).toEqual(await store.usedKeys());
  });

  it('takes a template instead of a photo: no blobs, no box', async () => {
    const { modelVersion, vector } = templateOf(face(1));
    const before = await store.storedKeys();
    const { person } = await enrol(undefined, {
      face: { $case: 'template', value: { modelVersion, vector: vector.map((value) => value * 1.0004) } },
    });
    expect(person?.faces).toMatchObject([{ box: undefined, quality: 0, modelVersion }]);
    expect(await store.storedKeys()).toEqual(before);
    const [template] = await store.library.people.templatesOfPersons([person?.id ?? '']);
    expect(Math.hypot(...(template?.vector ?? []))).toBeCloseTo(1, 6);
  });

  it.each([
    ['of another model', (vector: number[]) => vector, 'other-1', 'MODEL_VERSIONS_DIFFER'],
    ['too short', (vector: number[]) => vector.slice(1), undefined, 'ARGUMENT_INVALID'],
    ['empty', () => [], undefined, 'ARGUMENT_INVALID'],
    ['without direction', (vector: number[]) => vector.map(() => 0), undefined, 'ARGUMENT_INVALID'],
    [
      'not of length 1',
      (vector: number[]) => vector.map((value) => value * 2),
      undefined,
      'ARGUMENT_INVALID',
    ],
    ['with NaN', (vector: number[]) => [Number.NaN, ...vector.slice(1)], undefined, 'ARGUMENT_INVALID'],
    ['with infinity', (vector: number[]) => [Infinity, ...vector.slice(1)], undefined, 'ARGUMENT_INVALID'],
  ])('refuses a template %s', async (_name, change, version, reason) => {
    const { modelVersion, vector } = templateOf(face(0));
    const value = { modelVersion: version ?? modelVersion, vector: change(vector) };
    await expect(enrol(undefined, { face: { $case: 'template', value } })).rejects.toMatchObject({ reason });
    expect((await store.library.people.getGroup(group)).personCount).toBe(0);
  });

  it('passes on what is wrong with the photo', async () => {
    const problem = { reason: 'FACE_QUALITY_TOO_LOW', message: 'too dark', stage: 'landmark', metadata: {} };
    await expect(enrol({ ...face(0), problem })).rejects.toMatchObject({
      reason: 'FACE_QUALITY_TOO_LOW',
      message: 'too dark',
    });
    await expect(enrol({ ...face(0), faces: [] })).rejects.toMatchObject({ reason: 'NO_FACE' });
    await expect(enrol(undefined)).rejects.toMatchObject({ reason: 'IMAGE_MISSING' });
  });

  it('refuses faces that the line did not finish', async () => {
    const one = face(0);
    const [whole] = one.faces;
    if (whole?.answer === undefined) {
      throw new Error('the face has no answer');
    }
    const { answer } = whole;
    const damaged = { modelVersion: store.library.model.version, vector: [Number.NaN] };
    for (const broken of [
      { ...whole, aligned: undefined },
      { ...whole, answer: { ...answer, template: undefined } },
      { ...whole, answer: { ...answer, template: damaged } },
      { ...whole, answer: { ...answer, quality: undefined } },
      { ...whole, answer: { ...answer, box: undefined } },
    ]) {
      await expect(enrol({ ...one, faces: [broken] })).rejects.toMatchObject({ reason: 'INTERNAL' });
    }
    expect((await store.library.people.getGroup(group)).personCount).toBe(0);
  });

  it('uses the template of the model that the group is searched with', async () => {
    const one = face(0);
    group = await store.group('next-1');
    await expect(enrol(one)).rejects.toMatchObject({ reason: 'MODEL_VERSIONS_DIFFER' });
    const { vector } = templateOf(face(1));
    const faces = one.faces.map((one) => ({
      ...one,
      otherTemplates: [{ modelVersion: 'next-1', vector }],
    }));
    const { person } = await enrol({ ...one, faces });
    expect(person?.faces[0]?.modelVersion).toBe('next-1');
    // That of the other model is kept for when the group moves.
    const templates = await store.library.people.templatesOfPersons([person?.id ?? '']);
    const kept = new Map(templates.map((one) => [one.modelVersion, one.vector[7]]));
    expect([...kept.keys()].sort()).toEqual([store.library.model.version, 'next-1'].sort());
    expect(kept.get('next-1')).toBeCloseTo(vector[7] ?? 0, 6);
    expect(kept.get(store.library.model.version)).toBeCloseTo(templateOf(one).vector[7] ?? 0, 6);
  });

  it('refuses unknown groups, taken ids and names that are none, and leaves nothing behind', async () => {
    const { person } = await enrol(face(0));
    await store.library.blobs.follow();
    const before = await store.storedKeys();
    await expect(enrol(face(0), { groupId: 'nowhere' })).rejects.toMatchObject({
      reason: 'GROUP_NOT_FOUND',
    });
    await expect(enrol(face(0), { id: person?.id ?? '' })).rejects.toMatchObject({
      reason: 'PERSON_ID_TAKEN',
    });
    // These are found out once the blobs are stored.
    await expect(enrol(face(0), { name: '' })).rejects.toMatchObject({
      reason: 'ARGUMENT_INVALID',
      metadata: { field: 'name' },
    });
    await expect(enrol(face(0), { fieldValues: ['a', 'b'] })).rejects.toMatchObject({
      reason: 'ARGUMENT_INVALID',
      metadata: { field: 'field_values' },
    });
    await store.library.blobs.follow();
    expect(await store.storedKeys()).toEqual(before);
  });

  it('answers a job that comes again as it did before', async () => {
    const request = { id: newId('person') };
    const jobId = newId('job');
    const first = await enrol(face(0), request, { jobId });
    const again = await enrol(face(0), request, { jobId });
    expect(again).toEqual(first);
    expect((await store.library.people.getGroup(group)).faceCount).toBe(1);
    // Another job for the same person is no repetition.
    await expect(enrol(face(0), request)).rejects.toMatchObject({ reason: 'PERSON_ID_TAKEN' });
  });

  it('answers the same job in two processes at once with the same person', async () => {
    const id = newId('person');
    const jobId = newId('job');
    const other = store.asOtherProcess();
    const answers = await Promise.all(
      [store, other, store, other].map((within) => enrol(face(0), { id }, { jobId, within })),
    );
    expect(new Set(answers.map(({ person }) => person?.faces[0]?.id)).size).toBe(1);
    expect((await store.library.people.getGroup(group)).faceCount).toBe(1);
    await store.library.blobs.follow();
    expect(await store.storedKeys()).toEqual(await store.usedKeys());
  });
});
