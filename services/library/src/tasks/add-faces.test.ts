import { AddFacesRequest, type AddFacesResponse, CreatePersonRequest, type Photo } from '@mien/proto';
import sharp from 'sharp';
import { newId, TestLibrary, withFace } from '../testing/test-library';
import { groupPhoto, TestLine } from '../testing/test-line';

/** A photo of the same people, taken otherwise. */
function varied(photo: Buffer): Promise<Buffer> {
  return sharp(photo).modulate({ brightness: 1.15 }).jpeg({ quality: 60 }).toBuffer();
}

/** What became of each photo: "face", or why not. */
function outcomes({ results }: AddFacesResponse): string[] {
  return results.map(({ result }) => (result?.$case === 'refusal' ? result.value.reason : 'face'));
}

describe('further faces', () => {
  let line: TestLine;
  let store: TestLibrary;
  /** Three photos of one person. */
  let ada: Photo[];
  let stranger: Photo;
  let person: string;

  beforeAll(async () => {
    [line, store] = await Promise.all([TestLine.open(), TestLibrary.open()]);
    const first = await line.look(groupPhoto(1));
    const third = await line.look(groupPhoto(3));
    const again = await line.look(await varied(groupPhoto(3)));
    ada = [first, third, again].map((photo) => withFace(photo, 0));
    stranger = withFace(first, 1);
  });
  beforeEach(async () => {
    person = await enrolled(store);
  });
  afterAll(async () => {
    await Promise.all([line.close(), store.close()]);
  });

  const photo = (index: number): Photo => ada[index] ?? stranger;

  async function enrolled(within: TestLibrary): Promise<string> {
    const id = newId('person');
    const request = CreatePersonRequest.fromPartial({ id, groupId: await within.group(), name: 'Ada' });
    await within.run('createPerson', request, { photos: [photo(0)], context: line.context });
    return id;
  }

  function add(
    photos: readonly Photo[],
    changes: Partial<AddFacesRequest> = {},
    { jobId = newId('job'), within = store } = {},
  ) {
    const request = AddFacesRequest.fromPartial({ personId: person, ...changes });
    return within.run('addFaces', request, { photos, jobId, context: line.context });
  }

  const facesOf = async (within = store) => (await within.library.people.getPerson(person)).faces;

  /** Database, index and object store hold the same faces. */
  async function expectConsistent(within: TestLibrary) {
    const { people, index, model, blobs } = within.library;
    await blobs.follow();
    const stored = await within.storedKeys();
    expect(stored).toEqual(await within.usedKeys());
    expect(await people.readOutbox('index')).toEqual([]);
    const { faces, memberships } = await people.getPerson(person);
    const groupIds = memberships.map(({ groupId }) => groupId);
    const [template] = await people.templatesOfPersons([person]);
    const found = await index.nearest(template?.vector ?? new Float32Array(), {
      groupIds,
      modelVersion: model.version,
      count: 100,
    });
    expect(found.map(({ face }) => face.faceId).sort()).toEqual(faces.map(({ id }) => id).sort());
    expect((await people.getGroup(groupIds[0] ?? '')).faceCount).toBe(faces.length);
  }

  it('are enrolled, each photo with its own answer, in their order', async () => {
    const problem = { reason: 'IMAGE_CORRUPT', message: 'cut short', stage: 'detector', metadata: {} };
    const answer = await add([
      { ...photo(1), problem },
      photo(1),
      stranger,
      { ...photo(1), faces: [] },
      photo(2),
    ]);
    expect(outcomes(answer)).toEqual(['IMAGE_CORRUPT', 'face', 'FACE_NOT_OF_PERSON', 'NO_FACE', 'face']);
    const faces = await facesOf();
    expect(faces).toHaveLength(3);
    const added = answer.results.flatMap(({ result }) => (result?.$case === 'face' ? [result.value] : []));
    expect(added.map(({ id }) => id)).toEqual(faces.slice(1).map(({ id }) => id));
    expect(added[0]?.box?.width).toBeCloseTo(photo(1).faces[0]?.answer?.box?.width ?? 0, 3);
    await expectConsistent(store);
  });

  it('are measured by the most alike of the faces that are there', async () => {
    // 81 of 100 to the first photo, 99 to the second once that is there.
    expect(outcomes(await add([photo(2)], { minimumSimilarity: 95 }))).toEqual(['FACE_NOT_OF_PERSON']);
    expect(outcomes(await add([photo(1)], { minimumSimilarity: 70 }))).toEqual(['face']);
    expect(outcomes(await add([photo(2)], { minimumSimilarity: 95 }))).toEqual(['face']);
    expect(outcomes(await add([stranger], { minimumSimilarity: 0 }))).toEqual(['face']);
  });

  it('are refused when the person is full, those that fit are not', async () => {
    expect(outcomes(await add([photo(1), photo(2), photo(1)]))).toEqual(['face', 'face', 'face']);
    const answer = await add([stranger, photo(1), photo(2)]);
    expect(outcomes(answer)).toEqual(['FACE_NOT_OF_PERSON', 'face', 'LIMIT_REACHED']);
    expect(outcomes(await add([photo(1)]))).toEqual(['LIMIT_REACHED']);
    expect(await facesOf()).toHaveLength(5);
    await expectConsistent(store);
  });

  it('are refused when the group is full', async () => {
    const small = await TestLibrary.open({ limits: { facesPerGroup: 2 } });
    try {
      person = await enrolled(small);
      expect(outcomes(await add([photo(1), photo(2)], {}, { within: small }))).toEqual([
        'LIMIT_REACHED',
        'LIMIT_REACHED',
      ]);
      expect(outcomes(await add([photo(1)], {}, { within: small }))).toEqual(['face']);
      await expectConsistent(small);
    } finally {
      await small.close();
    }
  });

  it('are answered again as before when the job comes again', async () => {
    const jobId = newId('job');
    const photos = [photo(1), stranger, photo(2)];
    const first = await add(photos, {}, { jobId });
    expect(outcomes(first)).toEqual(['face', 'FACE_NOT_OF_PERSON', 'face']);
    expect(await add(photos, {}, { jobId })).toEqual(first);
    expect(await facesOf()).toHaveLength(3);
  });

  it('are enrolled once when two processes do the same job at once', async () => {
    const jobId = newId('job');
    const other = store.asOtherProcess();
    const answers = await Promise.all(
      [store, other, store, other].map((within) => add([photo(1), photo(2)], {}, { jobId, within })),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await facesOf()).toHaveLength(3);
    await expectConsistent(store);
  });

  it('of 50 writers at once end in one state', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => add([index % 3 === 0 ? stranger : photo(1 + (index % 2))])),
    );
    const counts = new Map<string, number>();
    for (const [outcome = ''] of answers.map(outcomes)) {
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    }
    expect(Object.fromEntries(counts)).toEqual({ face: 4, LIMIT_REACHED: 29, FACE_NOT_OF_PERSON: 17 });
    expect(await facesOf()).toHaveLength(5);
    await expectConsistent(store);
  });

  it('of writers in two processes end in one state, too', async () => {
    const other = store.asOtherProcess();
    const jobs = Array.from({ length: 20 }, (_, index) => ({
      jobId: newId('job'),
      within: index % 2 === 0 ? store : other,
    }));
    const answers = await Promise.all(
      jobs.map(async (job) => {
        for (;;) {
          try {
            return outcomes(await add([photo(1)], {}, job));
          } catch (error) {
            // The line brings such a job again.
            expect(error).toMatchObject({ reason: 'CONFLICT' });
          }
        }
      }),
    );
    expect(answers.flat().filter((outcome) => outcome === 'face')).toHaveLength(4);
    expect(answers.flat().filter((outcome) => outcome === 'LIMIT_REACHED')).toHaveLength(16);
    await expectConsistent(store);
  });

  it('need a person, photos, and a similarity that there is', async () => {
    await expect(add([photo(1)], { personId: 'nobody' })).rejects.toMatchObject({
      reason: 'PERSON_NOT_FOUND',
    });
    await expect(add([photo(1)], { personId: 'no id!' })).rejects.toMatchObject({
      reason: 'ARGUMENT_INVALID',
    });
    await expect(add([])).rejects.toMatchObject({ reason: 'IMAGE_MISSING' });
    for (const minimumSimilarity of [-1, 101, Number.NaN]) {
      await expect(add([photo(1)], { minimumSimilarity })).rejects.toMatchObject({
        reason: 'ARGUMENT_INVALID',
        metadata: { field: 'minimum_similarity' },
      });
    }
    expect(await facesOf()).toHaveLength(1);
  });
});
