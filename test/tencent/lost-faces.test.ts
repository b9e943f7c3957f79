import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Platform, startInOneProcess } from '@mien/platform';
import { MienClient } from '@mien/sdk';
import { type TestSettings, testSettings } from '../e2e/test-platform';
import { singleFaces } from '../photos/single-faces';
import { codeOf, present } from './case';
import { clientsOf, secondModel } from './world';

const GroupId = 'staff';
const UPGRADE = { GroupId, FaceModelVersion: '3.0' };

/** People were enrolled when there was one model; when there is another, one of their stored crops is gone. */
describe('a group that lost a face', () => {
  let settings: TestSettings;
  let platform: Platform;
  let lostFace: string;

  beforeAll(async () => {
    settings = await testSettings('tencent-lost');
    platform = await startInOneProcess(settings.env);
    const mien = new MienClient(platform.grpcAddress, { timeoutMs: 120_000 });
    const faces = await singleFaces(mien);
    mien.close();
    await client().CreateGroup({ GroupId, GroupName: 'Staff' });
    const enrol = (id: string, number: number) =>
      client().CreatePerson({
        GroupId,
        PersonId: id,
        PersonName: id,
        Image: faces[number]?.toString('base64') ?? '',
      });
    await enrol('whole', 0);
    const before = new Set(await enrolledCrops());
    lostFace = present((await enrol('damaged', 1)).FaceId);
    const crop = (await enrolledCrops()).find((path) => !before.has(path));
    await platform.stop();
    await rm(present(crop));
    platform = await startInOneProcess({ ...settings.env, ...(await secondModel(settings)) });
  }, 180_000);

  afterAll(async () => {
    await platform?.stop();
    await settings?.remove();
  });

  const client = () => clientsOf(platform.httpAddress, { secretId: 'none', secretKey: 'none' }).client;

  async function enrolledCrops(): Promise<string[]> {
    const folder = join(settings.folder, 'data', 'blobs', 'enrolled-crops');
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  }

  async function ended(JobId: string) {
    for (;;) {
      const result = await client().GetUpgradeGroupFaceModelVersionResult({ JobId });
      if (result.Status !== 0) {
        return result;
      }
    }
  }

  async function expectLostFaceAt(url: string) {
    const failed = await (await fetch(url)).json();
    expect(failed).toEqual([{ FaceId: lostFace, Reason: 'BLOB_LOST', Message: expect.any(String) }]);
  }

  it('can not be upgraded, is told why, and can be when the face is gone', async () => {
    const first = await client().UpgradeGroupFaceModelVersion(UPGRADE);
    const { Status, FailedFacesUrl } = await ended(present(first.JobId));
    expect(Status).toBe(3);
    await expectLostFaceAt(present(FailedFacesUrl));
    expect((await client().GetGroupInfo({ GroupId })).FaceModelVersion).toBe('2.0');

    const again = client().UpgradeGroupFaceModelVersion(UPGRADE);
    const told = await again.catch(({ message }: Error) => message);
    expect(await codeOf(again)).toBe('FailedOperation.GroupLostFaces');
    await expectLostFaceAt(/https?:[^\s)]+/.exec(String(told))?.[0] ?? '');

    await client().DeletePerson({ PersonId: 'damaged' });
    const atOnce = Array.from({ length: 4 }, () => client().UpgradeGroupFaceModelVersion(UPGRADE));
    const codes = await Promise.all(atOnce.map(codeOf));
    const refused = Array.from({ length: 3 }, () => 'FailedOperation.GroupCannotUpgrade');
    expect(codes.toSorted()).toEqual([...refused, 'no error']);
    const last = await atOnce[codes.indexOf('no error')];
    expect(await ended(present(last?.JobId))).toMatchObject({ Status: 1, FailedFacesUrl: '' });
    expect((await client().GetGroupInfo({ GroupId })).FaceModelVersion).toBe('3.0');
  });
});
