import { readFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type ProcessPlatform, startProcessEach } from '@mien/platform';
import { type TestSettings, testSettings } from '../e2e/test-platform';
import { packagedPhotos } from '../photos/packaged';
import { codeOf } from './case';
import { clientsOf } from './world';

/** What a client is told of faults behind the gateway: each service is a process that can be stopped. */
describe('a stage that can not do its work', () => {
  let settings: TestSettings;
  let platform: ProcessPlatform;
  let photo: string;

  beforeAll(async () => {
    settings = await testSettings('tencent-faults');
    platform = await startProcessEach({ ...settings.env, MIEN_BLOB_MEMORY_BYTES: '0' }, () => undefined);
    photo = readFileSync(packagedPhotos()[0]?.path ?? '').toString('base64');
  }, 180_000);

  afterAll(async () => {
    await platform?.stop();
    await settings?.remove();
  });

  const client = () => clientsOf(platform.httpAddress, { secretId: 'none', secretKey: 'none' }).client;
  const detect = () => client().DetectFace({ Image: photo });
  const compare = () => client().DetectFaceSimilarity({ ImageA: photo, ImageB: photo });
  /** Photos of requests under way. */
  const photosOnTheWay = async () => {
    const folder = join(settings.folder, 'data', 'blobs', 'photos');
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  };

  /** The code that a request gets whose photos are lost before the detector reads them. */
  const codeWhenLost = async (ask: () => Promise<unknown>, photos: number) => {
    const before = new Set(await photosOnTheWay());
    const detector = platform.pidOf('detector') ?? 0;
    process.kill(detector, 'SIGSTOP');
    const asked = codeOf(ask());
    let onTheWay: string[] = [];
    while (onTheWay.length < photos) {
      onTheWay = (await photosOnTheWay()).filter((path) => !before.has(path));
      await setImmediate();
    }
    await Promise.all(onTheWay.map((path) => rm(path)));
    process.kill(detector, 'SIGCONT');
    return asked;
  };

  it('is told of when a photo is lost between the gateway and the detector', async () => {
    expect(await codeOf(detect())).toBe('no error');
    expect(await codeWhenLost(detect, 1)).toBe('FailedOperation.ServerError');
    expect(await codeOf(detect())).toBe('no error');
  }, 60_000);

  it('is told of as a comparison that failed where an action has a code for that', async () => {
    expect(await codeWhenLost(compare, 2)).toBe('FailedOperation.CompareFail');
  }, 60_000);
});
