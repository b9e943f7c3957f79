import { randomUUID } from 'node:crypto';
import { LibraryJobState, LibraryJobServiceService as Service } from '@mien/proto';
import { createRpcMetrics, type GrpcServer, startGrpcServer } from '@mien/service';
import { metrics } from '@opentelemetry/api';
import { type LibraryJobs, startLibraryJobs } from '../jobs/library-jobs';
import { AVERAGING_MODEL, EmbedderLine } from '../jobs/testing/embedder-line';
import { enrol } from '../jobs/testing/look-alikes';
import { Asker } from '../testing/ask';
import { newId, TestLibrary } from '../testing/test-library';

const { LIBRARY_JOB_STATE_DONE: DONE, LIBRARY_JOB_STATE_FAILED: FAILED } = LibraryJobState;

describe('LibraryJobService', () => {
  let line: EmbedderLine;
  let test: TestLibrary;
  let jobs: LibraryJobs;
  let grpc: GrpcServer;
  let client: Asker;

  beforeAll(async () => {
    line = await EmbedderLine.start();
    test = await TestLibrary.open({ extraPacks: [line.furtherPack] });
    jobs = startLibraryJobs(test.library, line.jobs, createRpcMetrics(metrics.getMeter('test')));
    grpc = await startGrpcServer([jobs.service], {
      bindAddress: '127.0.0.1',
      port: 0,
      maxMessageBytes: 16_000_000,
    });
    client = new Asker(grpc.port);
  }, 60_000);
  afterAll(async () => {
    client.close();
    await grpc.drain(1_000);
    await jobs.stop();
    await test.close();
    await line.stop();
  });

  /** A group with so many persons who are there twice. */
  async function twins(pairs: number): Promise<string> {
    const groupId = await test.group();
    for (let identity = 0; identity < pairs; identity++) {
      await enrol(test.library.people, { id: newId('one'), groupId, identity, samples: [0] });
      await enrol(test.library.people, { id: newId('two'), groupId, identity, samples: [1] });
    }
    return groupId;
  }

  async function checkEnded(id: string) {
    for (;;) {
      const { check } = await client.ask(Service.getDuplicateCheck, { id });
      if (check?.job?.endedAt !== undefined) {
        return check;
      }
    }
  }

  async function upgradeEnded(id: string) {
    for (;;) {
      const { upgrade } = await client.ask(Service.getModelUpgrade, { id });
      if (upgrade?.job?.endedAt !== undefined) {
        return upgrade;
      }
    }
  }

  it('checks for duplicates and hands them out in pages', async () => {
    const group = await twins(3);
    const estimate = await client.ask(Service.estimateDuplicateCheck, { groupIds: [group] });
    expect(estimate.faces).toBe(6);
    expect(estimate.estimatedSeconds).toBeGreaterThan(0);
    const { check } = await client.ask(Service.startDuplicateCheck, {
      groupIds: [group],
      minimumScore: undefined,
      id: '',
    });
    const id = check?.job?.id ?? '';
    expect(check).toMatchObject({ groupIds: [group], minimumScore: 70, pairsFound: 0 });
    expect(await checkEnded(id)).toMatchObject({
      job: { state: DONE, progress: 100, facesDone: 6, facesTotal: 6, failure: undefined },
      pairsFound: 3,
    });
    const first = await client.ask(Service.listDuplicatePairs, { id, page: { size: 2, cursor: '' } });
    expect(first).toMatchObject({ total: 3, pairs: [{}, {}] });
    const rest = await client.ask(Service.listDuplicatePairs, {
      id,
      page: { size: 2, cursor: first.nextCursor },
    });
    expect(rest).toMatchObject({ total: 3, nextCursor: '', pairs: [{}] });
    const scores = [...first.pairs, ...rest.pairs].map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    const { clusters, total } = await client.ask(Service.listDuplicateClusters, { id, page: undefined });
    expect(total).toBe(3);
    expect(clusters.every(({ personIds }) => personIds.length === 2)).toBe(true);
    const { checks } = await client.ask(Service.listDuplicateChecks, { page: { size: 1, cursor: '' } });
    expect(checks[0]?.job?.id).toBe(id);
    await expect(client.ask(Service.cancelDuplicateCheck, { id })).rejects.toMatchObject({
      reason: 'JOB_ENDED',
    });
  });

  it('starts a check once for an id of its caller', async () => {
    const groupId = await twins(1);
    const id = randomUUID();
    const request = { groupIds: [groupId], minimumScore: undefined, id };
    const first = await client.ask(Service.startDuplicateCheck, request);
    expect(first.check?.job?.id).toBe(id);
    await checkEnded(id);
    const { check } = await client.ask(Service.startDuplicateCheck, request);
    expect(check).toMatchObject({ job: { id, state: DONE }, pairsFound: 1 });
  });

  it('says what is wrong with a check', async () => {
    const [here, other] = [await test.group(), await test.group('another-model')];
    const start = (groupIds: string[], minimumScore?: number) =>
      client.ask(Service.startDuplicateCheck, { groupIds, minimumScore, id: '' });
    await expect(start([])).rejects.toMatchObject({ reason: 'ARGUMENT_INVALID' });
    await expect(start(Array.from({ length: 11 }, (_, index) => `g${index}`))).rejects.toMatchObject({
      reason: 'ARGUMENT_INVALID',
      metadata: { field: 'group_ids' },
    });
    await expect(start(['nowhere'])).rejects.toMatchObject({ reason: 'GROUP_NOT_FOUND' });
    await expect(start([here, other])).rejects.toMatchObject({ reason: 'MODEL_VERSIONS_DIFFER' });
    await expect(start([here], 39)).rejects.toMatchObject({ metadata: { field: 'minimum_score' } });
    await expect(start([here], Number.NaN)).rejects.toMatchObject({ metadata: { field: 'minimum_score' } });
    const id = '00000000-0000-4000-8000-000000000000';
    await expect(client.ask(Service.getDuplicateCheck, { id })).rejects.toMatchObject({
      reason: 'JOB_NOT_FOUND',
    });
    await expect(client.ask(Service.listDuplicateClusters, { id, page: undefined })).rejects.toMatchObject({
      reason: 'JOB_NOT_FOUND',
    });
    const { check } = await client.ask(Service.startDuplicateCheck, {
      groupIds: [other],
      minimumScore: undefined,
      id: '',
    });
    expect(await checkEnded(check?.job?.id ?? '')).toMatchObject({
      job: { state: FAILED, failure: { reason: 'MODEL_VERSIONS_DIFFER' } },
    });
  });

  it('upgrades a group, and names the faces that hold it back', async () => {
    const empty = await test.group();
    const start = (groupId: string, toVersion: string) =>
      client.ask(Service.startModelUpgrade, { groupId, toVersion });
    const { upgrade } = await start(empty, AVERAGING_MODEL);
    const id = upgrade?.job?.id ?? '';
    expect(await upgradeEnded(id)).toMatchObject({
      job: { state: DONE },
      groupId: empty,
      fromVersion: test.library.model.version,
      toVersion: AVERAGING_MODEL,
      failedFaces: [],
    });
    const back = await client.ask(Service.rollBackModelUpgrade, { id });
    expect(back.upgrade?.job?.state).toBe(LibraryJobState.LIBRARY_JOB_STATE_ROLLED_BACK);
    await expect(client.ask(Service.rollBackModelUpgrade, { id })).rejects.toMatchObject({
      reason: 'UPGRADE_NOT_REVERSIBLE',
    });

    const group = await twins(1);
    const failing = (await start(group, AVERAGING_MODEL)).upgrade?.job?.id ?? '';
    const failed = await upgradeEnded(failing);
    expect(failed.job).toMatchObject({ state: FAILED, failure: { reason: 'TEMPLATES_MISSING' } });
    expect(failed.failedFaces.map(({ refusal }) => refusal?.reason)).toEqual(['BLOB_LOST', 'BLOB_LOST']);
    await expect(client.ask(Service.rollBackModelUpgrade, { id: failing })).rejects.toMatchObject({
      reason: 'JOB_NOT_DONE',
    });
    const { upgrades } = await client.ask(Service.listModelUpgrades, { page: undefined });
    expect(upgrades.map(({ job }) => job?.id)).toEqual([failing, id]);
    await expect(start(group, 'no-such-model')).rejects.toMatchObject({ reason: 'MODEL_VERSIONS_DIFFER' });
    await expect(start('nowhere', AVERAGING_MODEL)).rejects.toMatchObject({ reason: 'GROUP_NOT_FOUND' });
    await expect(client.ask(Service.cancelModelUpgrade, { id })).rejects.toMatchObject({
      reason: 'JOB_ENDED',
    });
  });
});
