import { CreatePersonRequest, type Photo, UniquenessControl } from '@mien/proto';
import { newId, TestLibrary, withFace } from '../testing/test-library';
import { groupPhoto, TestLine } from '../testing/test-line';

describe('uniqueness control', () => {
  let line: TestLine;
  let store: TestLibrary;
  /** The first face of the first and that of the second are one person's. */
  let photos: Photo[];
  let group: string;

  beforeAll(async () => {
    [line, store] = await Promise.all([TestLine.open(), TestLibrary.open()]);
    photos = [];
    for (const number of [1, 3, 4]) {
      photos.push(await line.look(groupPhoto(number)));
    }
  });
  beforeEach(async () => {
    group = await store.group();
  });
  afterAll(async () => {
    await Promise.all([line.close(), store.close()]);
  });

  const face = (photo: number, index: number): Photo => {
    const found = photos[photo];
    if (found === undefined) {
      throw new Error('there is no such photo');
    }
    return withFace(found, index);
  };

  function enrol(
    photo: Photo,
    changes: Partial<CreatePersonRequest> = {},
    { jobId = newId('job'), within = store } = {},
  ) {
    const named = { groupId: group, id: newId('person'), name: 'Ada', ...changes };
    const request = CreatePersonRequest.fromPartial(named);
    return within.run('createPerson', request, { photos: [photo], jobId, context: line.context });
  }

  const { UNIQUENESS_CONTROL_LOW, UNIQUENESS_CONTROL_MEDIUM, UNIQUENESS_CONTROL_HIGH } = UniquenessControl;
  const { UNIQUENESS_CONTROL_VERY_HIGH, UNIQUENESS_CONTROL_UNSPECIFIED } = UniquenessControl;

  it('tells who is the same person, and enrols nobody', async () => {
    const { person } = await enrol(face(0, 0));
    const answer = await enrol(face(1, 0), { uniquenessControl: UNIQUENESS_CONTROL_VERY_HIGH });
    expect(answer.person).toBeUndefined();
    expect(answer.similar).toMatchObject({ personId: person?.id, faceId: person?.faces[0]?.id });
    // Two photos of one person.
    expect(answer.similar?.score).toBeGreaterThan(70);
    expect((await store.library.people.getGroup(group)).personCount).toBe(1);
    expect((await enrol(face(1, 0))).person).toBeDefined();
  });

  // Two women of the packaged photos look alike: 54 of 100.
  it.each([
    [UNIQUENESS_CONTROL_UNSPECIFIED, false],
    [UNIQUENESS_CONTROL_LOW, true],
    [UNIQUENESS_CONTROL_MEDIUM, true],
    [UNIQUENESS_CONTROL_HIGH, true],
    [UNIQUENESS_CONTROL_VERY_HIGH, false],
  ])('at %s refuses who looks alike: %s', async (uniquenessControl, refused) => {
    await enrol(face(0, 1));
    const { person, similar } = await enrol(face(2, 3), { uniquenessControl });
    expect(similar !== undefined).toBe(refused);
    expect(person === undefined).toBe(refused);
  });

  it('only looks into the group', async () => {
    await enrol(face(0, 0));
    group = await store.group();
    const { person } = await enrol(face(0, 0), { uniquenessControl: UNIQUENESS_CONTROL_LOW });
    expect(person).toBeDefined();
  });

  it('does not take a job that comes again for somebody similar', async () => {
    const request = { id: newId('person'), uniquenessControl: UNIQUENESS_CONTROL_LOW };
    const jobId = newId('job');
    const first = await enrol(face(0, 0), request, { jobId });
    expect(first.person).toBeDefined();
    expect(await enrol(face(0, 0), request, { jobId })).toEqual(first);
  });

  it('lets one of those pass who enrol the same face at once', async () => {
    const answers = await Promise.all(
      [face(0, 0), face(1, 0), face(0, 0), face(1, 0)].map((photo) =>
        enrol(photo, { uniquenessControl: UNIQUENESS_CONTROL_HIGH }),
      ),
    );
    expect(answers.filter(({ person }) => person !== undefined)).toHaveLength(1);
    expect(answers.filter(({ similar }) => similar !== undefined)).toHaveLength(3);
    expect((await store.library.people.getGroup(group)).personCount).toBe(1);
  });

  it('never lets two pass in two processes', async () => {
    const other = store.asOtherProcess();
    const answers = await Promise.all(
      [store, other].map((within) =>
        enrol(face(0, 0), { uniquenessControl: UNIQUENESS_CONTROL_HIGH }, { within }),
      ),
    );
    const passed = answers.filter(({ person }) => person !== undefined).length;
    expect(passed).toBeLessThan(2);
    expect((await store.library.people.getGroup(group)).personCount).toBe(passed);
    expect(await store.storedKeys()).toEqual(await store.usedKeys());
  });

  it('refuses a level that there is not', async () => {
    const uniquenessControl = 'UNIQUENESS_CONTROL_TOTAL' as UniquenessControl;
    await expect(enrol(face(0, 0), { uniquenessControl })).rejects.toMatchObject({
      reason: 'ARGUMENT_INVALID',
      metadata: { field: 'uniqueness_control' },
    });
  });
});
