import { type Platform, startInOneProcess } from '@mien/platform';
import { LibraryJobState, Matching, MienClient, UniquenessControl } from '@mien/sdk';
import sharp from 'sharp';
import { packagedPhotos } from '../photos/packaged';
import { singleFaces, variant } from '../photos/single-faces';
import { type TestSettings, testSettings } from './test-platform';

/** The people of the first three photos, each in a group of its photo. */
const GROUPS = ['first', 'second', 'third'];
const PEOPLE_PER_PHOTO = 3;

describe('the library behind the gateway', () => {
  let settings: TestSettings;
  let platform: Platform;
  let client: MienClient;
  let pictures: Buffer[];

  const start = async () => {
    platform = await startInOneProcess(settings.env);
    client = new MienClient(platform.grpcAddress, { timeoutMs: 120_000, retries: 0 });
  };
  const stop = async () => {
    client?.close();
    await platform?.stop();
  };
  const personOf = (group: number, place: number) => `${GROUPS[group]}-${place}`;
  const pictureOf = (group: number, place: number) =>
    pictures[group * PEOPLE_PER_PHOTO + place] ?? Buffer.alloc(0);

  beforeAll(async () => {
    settings = await testSettings('library');
    await start();
    pictures = (await singleFaces(client)).slice(0, GROUPS.length * PEOPLE_PER_PHOTO);
    for (const [group, id] of GROUPS.entries()) {
      await client.library.createGroup({ id, name: `Photo ${group}`, fieldNames: ['badge'] });
      for (let place = 0; place < PEOPLE_PER_PHOTO; place++) {
        const person = {
          id: personOf(group, place),
          groupId: id,
          name: `Person ${place}`,
          fieldValues: ['7'],
        };
        await client.library.createPerson(person, pictureOf(group, place));
      }
    }
  });
  afterAll(async () => {
    await stop();
    await settings?.remove();
  });

  it('finds each of a photo among all groups, largest first', async () => {
    const [photo] = packagedPhotos();
    const { results, searchedFaces } = await client.library.search(photo?.path ?? '', GROUPS, {
      maxFaces: 10,
      minimumScore: 60,
      withPersons: true,
    });
    expect(searchedFaces).toBe(GROUPS.length * PEOPLE_PER_PHOTO);
    const found = results.map(({ candidates }) => candidates[0]);
    expect(found.map((candidate) => candidate?.personId)).toEqual([0, 1, 2].map((at) => personOf(0, at)));
    for (const candidate of found) {
      expect(candidate?.score).toBeGreaterThan(80);
      expect(candidate?.person?.memberships).toEqual([{ groupId: 'first', fieldValues: ['7'] }]);
    }
  });

  it('answers for each group on its own when asked', async () => {
    const { results } = await client.library.search(pictureOf(1, 0), ['first', 'second'], { perGroup: true });
    const groups = results[0]?.groups ?? [];
    expect(groups.map(({ groupId }) => groupId)).toEqual(['first', 'second']);
    expect(groups.map(({ candidates }) => candidates.length)).toEqual([PEOPLE_PER_PHOTO, PEOPLE_PER_PHOTO]);
    expect(groups[1]?.candidates[0]?.personId).toBe(personOf(1, 0));
  });

  it('verifies who it is, and who it is not', async () => {
    const probe = await variant(pictureOf(0, 0), 3);
    for (const matching of [Matching.MATCHING_BEST_FACE, Matching.MATCHING_FUSED]) {
      const right = await client.library.verifyPerson(personOf(0, 0), probe, { matching });
      const wrong = await client.library.verifyPerson(personOf(0, 1), probe, { matching });
      expect([right.matched, wrong.matched]).toEqual([true, false]);
      expect(right.threshold).toBe(60);
      expect(wrong.score).toBeLessThan(40);
    }
  });

  it('adds the faces that are the person, and tells why not the others', async () => {
    const photos = [
      await variant(pictureOf(0, 0), 5),
      pictureOf(0, 1),
      await blank(),
      Buffer.from('not a photo'),
    ];
    const results = await client.library.addFaces(personOf(0, 0), photos);
    const reasons = results.map(({ result }) =>
      result?.$case === 'refusal' ? result.value.reason : result?.$case,
    );
    expect(reasons).toEqual(['face', 'FACE_NOT_OF_PERSON', 'NO_FACE', 'IMAGE_FORMAT_UNSUPPORTED']);
    expect((await client.library.getPerson(personOf(0, 0))).faces).toHaveLength(2);
  });

  it('enrols nobody who is there already when told to look', async () => {
    const answer = await client.library.createPerson(
      { id: 'again', groupId: 'second', name: 'Again' },
      await variant(pictureOf(1, 1), 4),
      { uniquenessControl: UniquenessControl.UNIQUENESS_CONTROL_VERY_HIGH },
    );
    expect(answer.person).toBeUndefined();
    expect(answer.similar?.personId).toBe(personOf(1, 1));
    await expect(client.library.getPerson('again')).rejects.toMatchObject({ reason: 'PERSON_NOT_FOUND' });
  });

  it('finds who is enrolled twice', async () => {
    const twin = { id: 'twin', groupId: 'third', name: 'Twin' };
    await client.library.createPerson(twin, await variant(pictureOf(2, 1), 6));
    const { duplicateChecks } = client.library;
    const { job } = await duplicateChecks.start(['third']);
    const ended = await until(
      () => duplicateChecks.get(job?.id ?? ''),
      (check) => check.job?.state === LibraryJobState.LIBRARY_JOB_STATE_DONE,
    );
    expect(ended.pairsFound).toBe(1);
    for await (const { first, second, score } of duplicateChecks.pairs(job?.id ?? '')) {
      expect([first?.personId, second?.personId].sort()).toEqual([personOf(2, 1), 'twin']);
      expect(score).toBeGreaterThan(80);
    }
  });

  it('refuses what can not be, each with its reason', async () => {
    const { library } = client;
    const nobody = { id: 'nobody', groupId: 'first', name: 'Nobody' };
    await expect(library.createGroup({ id: 'first', name: 'x' })).rejects.toMatchObject({
      reason: 'GROUP_ID_TAKEN',
    });
    await expect(library.createPerson(nobody, await blank())).rejects.toMatchObject({ reason: 'NO_FACE' });
    await expect(library.createPerson({ ...nobody, groupId: 'x' }, pictureOf(0, 0))).rejects.toMatchObject({
      reason: 'GROUP_NOT_FOUND',
    });
    await expect(library.search(pictureOf(0, 0), [])).rejects.toMatchObject({ reason: 'ARGUMENT_INVALID' });
    await expect(
      library.search({ modelVersion: 'another/1', vector: [1, 0] }, ['first']),
    ).rejects.toMatchObject({ reason: expect.stringMatching(/MODEL_VERSIONS_DIFFER|ARGUMENT_INVALID/) });
    await expect(library.getPerson('nobody')).rejects.toMatchObject({ reason: 'PERSON_NOT_FOUND' });
  });

  it('never names somebody again who was deleted', async () => {
    const gone = personOf(0, 2);
    const search = () => client.library.search(pictureOf(0, 2), GROUPS, { maxCandidates: 100 });
    const named = async () => (await search()).results[0]?.candidates.map(({ personId }) => personId);
    expect(await named()).toContain(gone);
    await client.library.deletePerson(gone);
    expect(await named()).not.toContain(gone);
  });

  it('has everything still after a stop and a start', async () => {
    const before = await client.library.getGroup('second');
    await stop();
    await start();
    expect(await client.library.getGroup('second')).toEqual(before);
    const { results } = await client.library.search(pictureOf(1, 2), ['second']);
    expect(results[0]?.candidates[0]?.personId).toBe(personOf(1, 2));
  });

  it('answers over HTTP as over gRPC', async () => {
    const listed = await fetch(`http://${platform.httpAddress}/v1/groups?size=2`);
    expect(listed.status).toBe(200);
    expect(await listed.json()).toMatchObject({ groups: [{ id: 'first' }, { id: 'second' }] });
    const body = new FormData();
    body.append('image', new Blob([new Uint8Array(pictureOf(1, 0))]), 'photo.png');
    body.append('request', JSON.stringify({ groupIds: ['second'] }));
    const found = await fetch(`http://${platform.httpAddress}/v1/search`, { method: 'POST', body });
    expect(await found.json()).toMatchObject({
      results: [{ candidates: [{ personId: personOf(1, 0) }, {}, {}] }],
    });
  });
});

function blank(): Promise<Buffer> {
  return sharp({ create: { width: 200, height: 200, channels: 3, background: 'white' } })
    .png()
    .toBuffer();
}

/** Asks again, a hundred milliseconds later, until the answer is as wanted. */
async function until<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (wanted(answer)) {
      return answer;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
