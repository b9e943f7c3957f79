import { type Platform, startInOneProcess } from '@mien/platform';
import { type JobResult, JobState, MienClient, verifyCallback } from '@mien/sdk';
import { packagedPhotos } from '../photos/packaged';
import { singleFaces, variant } from '../photos/single-faces';
import { CallbackReceiver } from './callback-receiver';
import { type TestSettings, testSettings } from './test-platform';

const GROUP = 'staff';

describe('jobs', () => {
  let settings: TestSettings;
  let platform: Platform;
  let client: MienClient;
  let receiver: CallbackReceiver;
  let faces: Buffer[];

  beforeAll(async () => {
    settings = await testSettings('jobs');
    receiver = await CallbackReceiver.listen();
    platform = await startInOneProcess({ ...settings.env, MIEN_CALLBACK_ALLOWED_NETWORKS: '127.0.0.1/32' });
    client = new MienClient(platform.grpcAddress, { timeoutMs: 60_000 });
    faces = (await singleFaces(client)).slice(0, 6);
  });
  afterAll(async () => {
    client?.close();
    receiver?.close();
    await platform?.stop();
    await settings?.remove();
  });

  const results = async (id: string): Promise<JobResult[]> => {
    const all: JobResult[] = [];
    for await (const result of client.jobs.results(id)) {
      all.push(result);
    }
    return all;
  };

  it('answer every photo of a batch, tell of the bad one, and call back when they have ended', async () => {
    const { endpoint, secret } = await client.notifications.endpoints.create({ url: receiver.url });
    const photos = packagedPhotos();
    const { uploadId } = await client.jobs.upload(photos[5]?.path ?? '');
    const job = await client.jobs.submit(
      [
        ...photos.slice(0, 5).map(({ path }, index) => ({ name: `photo ${index}`, photo: path })),
        { name: 'not a photo', photo: Buffer.from('not a photo') },
        { name: 'uploaded', uploadId },
      ],
      { detect: { features: { quality: true } } },
      { callbackEndpointId: endpoint?.id ?? '', name: 'a batch' },
    );
    const ended = await client.jobs.wait(job.id);
    expect(ended).toMatchObject({ state: JobState.JOB_STATE_DONE, photosDone: 6, photosFailed: 1 });
    const all = await results(job.id);
    const counts = all.map(({ result }) =>
      result?.$case === 'detect' ? result.value.faces.length : result?.value,
    );
    const refusal = expect.objectContaining({ reason: 'IMAGE_FORMAT_UNSUPPORTED' });
    expect(counts).toEqual([...photos.slice(0, 5).map(({ people }) => people), refusal, photos[5]?.people]);
    expect(all.map(({ name }) => name)).toEqual(expect.arrayContaining(['not a photo', 'uploaded']));
    const { headers, body } = await receiver.next();
    const event = verifyCallback(headers, body, secret);
    expect(event).toMatchObject({
      type: 'job.finished',
      data: { job: { id: job.id, state: JobState.JOB_STATE_DONE, photosDone: 6 } },
    });
    expect(() => verifyCallback(headers, `${body} `, secret)).toThrow();
  });

  it('enrol, find again, find duplicates and sort an album', async () => {
    await client.library.createGroup({ id: GROUP, name: GROUP });
    const enrol = await client.jobs.submit(
      faces.map((photo, index) => ({
        name: `face ${index}`,
        photo,
        person: { id: `person-${index}`, name: `Person ${index}` },
      })),
      { enrol: { groupId: GROUP } },
    );
    expect(await client.jobs.wait(enrol.id)).toMatchObject({ photosDone: faces.length, photosFailed: 0 });
    const again = await Promise.all(faces.map((face) => variant(face, 9)));
    const search = await client.jobs.submit(
      again.map((photo) => ({ photo })),
      { search: { groupIds: [GROUP], maxCandidates: 1 } },
    );
    await client.jobs.wait(search.id);
    const found = (await results(search.id)).map(({ result }) =>
      result?.$case === 'search' ? result.value.results[0]?.candidates[0]?.personId : undefined,
    );
    expect(found).toEqual(faces.map((_, index) => `person-${index}`));
    const check = await client.jobs.submit([], { duplicateCheck: { groupIds: [GROUP], minimumScore: 70 } });
    expect(await client.jobs.wait(check.id)).toMatchObject({ state: JobState.JOB_STATE_DONE });
    const [checked] = await results(check.id);
    expect(checked?.result).toMatchObject({ $case: 'duplicateCheck', value: { groupIds: [GROUP] } });
    const album = await client.jobs.submit(
      [...faces, ...again].map((photo, index) => ({ name: `${index % faces.length} ${index}`, photo })),
      { cluster: { minimumScore: 60 } },
    );
    await client.jobs.wait(album.id);
    const [sorted] = await results(album.id);
    expect(sorted?.result?.$case).toBe('cluster');
  });

  it('are the same job when they are submitted again, and are listed', async () => {
    const [first] = packagedPhotos();
    const photo = { photo: first?.path ?? '' };
    const one = await client.jobs.submit([photo], { detect: {} }, { idempotencyKey: 'twice' });
    const two = await client.jobs.submit([photo], { detect: {} }, { idempotencyKey: 'twice' });
    expect(two.id).toBe(one.id);
    await expect(
      client.jobs.submit([photo, photo], { detect: {} }, { idempotencyKey: 'twice' }),
    ).rejects.toMatchObject({ reason: 'IDEMPOTENCY_KEY_REUSED' });
    await client.jobs.wait(one.id);
    const listed: string[] = [];
    for await (const { id } of client.jobs.list({ states: [JobState.JOB_STATE_DONE] })) {
      listed.push(id);
    }
    expect(listed[0]).toBe(one.id);
  });

  it('are told over Server-Sent Events until they have ended, and stopped by a cancel', async () => {
    const [first] = packagedPhotos();
    const photos = Array.from({ length: 60 }, () => ({ photo: first?.path ?? '' }));
    const { id } = await client.jobs.submit(photos, { detect: { features: { attributes: true } } });
    const response = await fetch(`http://${platform.httpAddress}/v1/jobs/${id}/events`);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const cancelled = await client.jobs.cancel(id);
    expect(cancelled.state).toBe(JobState.JOB_STATE_CANCELLED);
    const told = await response.text();
    expect(told).toMatch(/event: job\ndata: .*JOB_STATE_CANCELLED/);
    const after = await results(id);
    expect(after.length).toBeLessThan(photos.length);
    expect((await client.jobs.cancel(id)).state).toBe(JobState.JOB_STATE_CANCELLED);
  });
});
