import { STAGE_NAMES } from '@mien/bus';
import { type ProcessPlatform, startProcessEach } from '@mien/platform';
import { MienClient } from '@mien/sdk';
import { packagedPhotos } from '../photos/packaged';
import { type TestSettings, testSettings } from './test-platform';

const FEATURES = { landmarks: true, quality: true, attributes: true, liveness: true, template: true };

describe('a process for each service', () => {
  let settings: TestSettings;
  let platform: ProcessPlatform;
  let client: MienClient;

  beforeAll(async () => {
    settings = await testSettings('processes');
    platform = await startProcessEach(settings.env, () => undefined);
    client = new MienClient(platform.grpcAddress, { timeoutMs: 120_000, retries: 0 });
  });

  afterAll(async () => {
    client?.close();
    await platform?.stop();
    await settings?.remove();
  });

  it('answers as one', async () => {
    const [photo] = packagedPhotos();
    const { faces } = await client.detect(photo?.path ?? '', { features: FEATURES });
    expect(faces).toHaveLength(photo?.people ?? 0);
    for (const face of faces) {
      expect(face.landmarks?.faceProfile).toHaveLength(21);
      expect(face.attributes?.gender).toBeDefined();
      expect(face.liveness).toBeDefined();
      expect(face.template?.vector).toHaveLength(512);
    }
  });

  it.each(STAGE_NAMES)('loses nothing when %s is killed', async (stage) => {
    const photos = packagedPhotos().slice(0, 3);
    const before = platform.pidOf(stage) ?? 0;
    const answers = photos.map(({ path }) => client.detect(path, { features: FEATURES }));
    await Promise.race(answers);
    process.kill(before, 'SIGKILL');
    const counts = (await Promise.all(answers)).map(({ faces }) => faces.length);
    expect(counts).toEqual(photos.map(({ people }) => people));
  });
});
