import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CheckLibraryResponse, LibraryAdminServiceService, LibraryServiceService } from '@mien/proto';
import { unitVector } from '../index/similarity';
import { ENROLLED_CROPS, ENROLLED_PHOTOS } from '../library';
import { randomTemplate, ServedLibrary } from '../testing/served-library';

const { checkLibrary } = LibraryAdminServiceService;
const NONE = { count: 0, examples: [] };

describe('the check of a library', () => {
  let folder: string;
  let served: ServedLibrary;
  const groupId = 'group';

  const check = (how: { repair?: boolean; rewriteIndex?: boolean } = {}) =>
    served.ask(checkLibrary, { repair: false, rewriteIndex: false, ...how });
  const index = () => served.vectorIndexes.open(served.library.model.version);
  const expectSound = async () => {
    const { faces } = await served.library.people.totals();
    expect(await check()).toEqual<CheckLibraryResponse>({
      templates: faces,
      vectors: faces,
      blobs: faces,
      facesWithoutVector: NONE,
      vectorsWithoutFace: NONE,
      blobsWithoutFace: NONE,
      lostBlobs: NONE,
      repaired: false,
    });
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mien-library-'));
    served = await ServedLibrary.start({ folder });
    const request = { id: groupId, name: groupId, tag: '', fieldNames: [] };
    await served.ask(LibraryServiceService.createGroup, request);
    await Promise.all(Array.from({ length: 5 }, () => served.enrol(groupId)));
  });

  afterAll(async () => {
    await served.stop();
    await rm(folder, { recursive: true });
  });

  it('finds a sound library sound', () => expectSound());

  it('finds and repairs faces that searches do not find', async () => {
    const template = randomTemplate();
    const { id, faces } = await served.enrol(groupId, undefined, template);
    const faceId = faces[0]?.id ?? '';
    await (await index()).remove([faceId]);
    expect(await served.find(template, [groupId], 1)).not.toEqual([id]);
    const damage = { count: 1, examples: [faceId] };
    expect(await check()).toMatchObject({ facesWithoutVector: damage, repaired: false });
    expect(await check({ repair: true })).toMatchObject({ facesWithoutVector: damage, repaired: true });
    expect(await served.find(template, [groupId], 1)).toEqual([id]);
    await expectSound();
  });

  it('finds and repairs what is in the index alone', async () => {
    const faceId = randomUUID();
    const vector = unitVector(randomTemplate());
    await (await index()).upsert([{ faceId, personId: 'ghost', groupIds: [groupId], vector }]);
    const damage = { count: 1, examples: [faceId] };
    expect(await check()).toMatchObject({ vectorsWithoutFace: damage });
    expect(await check({ repair: true })).toMatchObject({ vectorsWithoutFace: damage });
    await expectSound();
  });

  it('writes the index anew where groups are wrong in it', async () => {
    const template = randomTemplate();
    const { id, faces } = await served.enrol(groupId, undefined, template);
    const vector = unitVector(template);
    const wrong = { faceId: faces[0]?.id ?? '', personId: id, groupIds: ['elsewhere'], vector };
    await (await index()).upsert([wrong]);
    expect(await served.find(template, [groupId], 1)).not.toEqual([id]);
    await check({ repair: true, rewriteIndex: true });
    expect(await served.find(template, [groupId], 1)).toEqual([id]);
  });

  it('finds and deletes crops and photos that nobody uses, and no others', async () => {
    const { objects, people } = served.library;
    const crop = await objects.put(Buffer.from('crop'), { prefix: ENROLLED_CROPS, scope: 'a' });
    const photo = await objects.put(Buffer.from('photo'), { prefix: ENROLLED_PHOTOS, scope: 'b' });
    const onTheLine = await objects.put(Buffer.from('on the line'), { prefix: 'photos' });
    const underWay = { prefix: ENROLLED_CROPS, scope: 'c' };
    await people.reserveBlobs([objects.keyOf(Buffer.from('under way'), underWay)], 600);
    const reserved = await objects.put(Buffer.from('under way'), underWay);
    const report = await check({ repair: true });
    expect(report.blobsWithoutFace?.count).toBe(2);
    expect([...(report.blobsWithoutFace?.examples ?? [])].sort()).toEqual([crop.key, photo.key].sort());
    expect((await objects.get(onTheLine)).toString()).toBe('on the line');
    expect((await objects.get(reserved)).toString()).toBe('under way');
    await expect(objects.get(crop)).rejects.toMatchObject({ reason: 'BLOB_LOST' });
    expect((await check()).blobsWithoutFace).toEqual(NONE);
    await objects.delete(reserved);
  });

  it('tells of crops that are lost, which nothing brings back', async () => {
    const { id, faces } = await served.enrol(groupId);
    const key = faces[0]?.cropKey ?? '';
    await served.library.objects.delete({ key });
    const damage = { count: 1, examples: [key] };
    expect(await check({ repair: true })).toMatchObject({ lostBlobs: damage, repaired: true });
    expect(await check()).toMatchObject({ lostBlobs: damage });
    await served.ask(LibraryServiceService.deletePerson, { id });
    await expectSound();
  });

  it('is not misled by what changes meanwhile', async () => {
    const busy = Promise.all(
      Array.from({ length: 20 }, async () => {
        const { id } = await served.enrol(groupId);
        await served.ask(LibraryServiceService.deletePerson, { id });
      }),
    );
    for (let round = 0; round < 3; round++) {
      expect(await check({ repair: true })).toMatchObject({
        facesWithoutVector: NONE,
        blobsWithoutFace: NONE,
        lostBlobs: NONE,
      });
    }
    await busy;
    await check({ repair: true });
    await expectSound();
  });
});
