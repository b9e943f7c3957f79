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

  const detect = () =>
    clientsOf(platform.httpAddress, { secretId: 'none', secretKey: 'none' }).client.DetectFace({
      Image: photo,
    });
  /** Photos of requests under way. */
  const photosOnTheWay = async () => {
    const folder = join(settings.folder, 'data', 'blobs', 'photos');
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  };

  it('is told of when a photo is lost between the gateway and the detector', async () => {
    expect(await codeOf(detect())).toBe('no error');
    const before = new Set(await photosOnTheWay());
    const detector = platform.pidOf('detector') ?? 0;
    process.kill(detector, 'SIGSTOP');
    const asked = codeOf(detect());
    let onTheWay: string[] = [];
    while (onTheWay.length === 0) {
      onTheWay = (await photosOnTheWay()).filter((path) => !before.has(path));
      await setImmediate();
    }
    await Promise.all(onTheWay.map((path) => rm(path)));
    process.kill(detector, 'SIGCONT');
    expect(await asked).toBe('FailedOperation.ServerError');
    expect(await codeOf(detect())).toBe('no error');
  }, 60_000);
});
