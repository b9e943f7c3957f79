import { join } from 'node:path';
import { findNatsServer, type NatsServer, startNatsServer } from '@mien/bus';
import { type Platform, startInOneProcess } from '@mien/platform';
import { MienClient } from '@mien/sdk';
import { type TestSettings, testSettings } from '../e2e/test-platform';
import { repositoryRoot } from '../photos/repository';
import { singleFaces } from '../photos/single-faces';
import { codeOf } from './case';
import { clientsOf } from './world';

const KEY = { secretId: 'none', secretKey: 'none' };

/** What a full library, a hurried client and an outage are told: each needs settings of its own. */
describe('a library with room for little', () => {
  let settings: TestSettings;
  let nats: NatsServer;
  let platform: Platform;
  let faces: string[];

  beforeAll(async () => {
    settings = await testSettings('tencent-limits');
    const binary = findNatsServer({
      explicit: process.env['MIEN_NATS_SERVER'],
      path: process.env['PATH'],
      folders: [join(repositoryRoot(), '.mien', 'bin')],
    });
    nats = await startNatsServer({ binary, dataDir: join(settings.folder, 'nats') });
    platform = await startInOneProcess({
      ...settings.env,
      MIEN_NATS_URL: nats.url,
      MIEN_LIBRARY_MAX_GROUPS: '3',
      MIEN_LIBRARY_MAX_FACES: '3',
      MIEN_LIBRARY_MAX_FACES_PER_GROUP: '2',
      MIEN_LIBRARY_MAX_GROUPS_PER_PERSON: '2',
      MIEN_LIBRARY_MAX_FACES_PER_SEARCH: '2',
      MIEN_TENCENT_LONGEST_CHECK_SECONDS: '0',
    });
    const mien = new MienClient(platform.grpcAddress, { timeoutMs: 120_000 });
    faces = (await singleFaces(mien)).slice(0, 4).map((face) => face.toString('base64'));
    mien.close();
  }, 180_000);

  afterAll(async () => {
    await platform?.stop();
    await nats?.stop();
    await settings?.remove();
  });

  const client = () => clientsOf(platform.httpAddress, KEY).client;
  const older = () => clientsOf(platform.httpAddress, KEY).older;
  const group = (id: string) => client().CreateGroup({ GroupId: id, GroupName: id });
  const person = (id: string, groupId: string, face: number) =>
    client().CreatePerson({ GroupId: groupId, PersonName: id, PersonId: id, Image: faces[face] ?? '' });

  it('tells when it is full', async () => {
    for (const id of ['a', 'b', 'c']) {
      await group(id);
    }
    expect(await codeOf(group('d'))).toBe('InvalidParameterValue.GroupNumExceed');
    await person('one', 'a', 0);
    await person('two', 'a', 1);
    expect(await codeOf(person('three', 'a', 2))).toBe('InvalidParameterValue.GroupFaceNumExceed');
    await client().CopyPerson({ PersonId: 'one', GroupIds: ['b'] });
    expect(await codeOf(client().CopyPerson({ PersonId: 'one', GroupIds: ['c'] }))).toBe(
      'InvalidParameterValue.GroupNumPerPersonExceed',
    );
    await person('three', 'c', 2);
    expect(await codeOf(person('four', 'c', 3))).toBe('InvalidParameterValue.AccountFaceNumExceed');
  });

  it('tells when groups have too many faces for one search', async () => {
    const Image = faces[0] ?? '';
    expect((await client().SearchFaces({ GroupIds: ['a'], Image })).FaceNum).toBe(2);
    const GroupIds = ['a', 'c'];
    const codes = await Promise.all(
      [
        client().SearchFaces({ GroupIds, Image }),
        client().SearchPersons({ GroupIds, Image }),
        client().SearchFacesReturnsByGroup({ GroupIds, Image }),
        client().SearchPersonsReturnsByGroup({ GroupIds, Image }),
        older().CheckSimilarPerson({ GroupIds, UniquePersonControl: 1 }),
        older().EstimateCheckSimilarPersonCostTime({ GroupIds }),
      ].map(codeOf),
    );
    expect(new Set(codes)).toEqual(new Set(['FailedOperation.SearchFacesExceed']));
  });

  it('tells when a check would take longer than it may', async () => {
    const { EstimatedTimeCost } = await older().EstimateCheckSimilarPersonCostTime({ GroupIds: ['a'] });
    expect(EstimatedTimeCost).toBe(1);
    expect(await codeOf(older().CheckSimilarPerson({ GroupIds: ['a'], UniquePersonControl: 1 }))).toBe(
      'FailedOperation.CheckSimilarPersonTimeExceed',
    );
  });

  it('tells when the platform can not be reached from inside', async () => {
    await nats.kill();
    expect(await codeOf(client().DetectFace({ Image: faces[0] ?? '' }))).toBe('FailedOperation.RpcFail');
  });
});

describe('a gateway with no time', () => {
  it('tells when an answer did not come in time', async () => {
    const settings = await testSettings('tencent-hurry');
    const platform = await startInOneProcess({ ...settings.env, MIEN_GATEWAY_DEFAULT_TIMEOUT_MS: '5' });
    try {
      const mien = new MienClient(platform.grpcAddress, { timeoutMs: 120_000 });
      const [face] = await singleFaces(mien);
      mien.close();
      const { client } = clientsOf(platform.httpAddress, KEY);
      const asked = client.DetectFace({ Image: face?.toString('base64') ?? '' });
      expect(await codeOf(asked)).toBe('FailedOperation.RequestTimeout');
    } finally {
      await platform.stop();
      await settings.remove();
    }
  }, 180_000);
});

describe('a gateway that takes one request at a time', () => {
  it('refuses what comes meanwhile', async () => {
    const settings = await testSettings('tencent-busy');
    const platform = await startInOneProcess({ ...settings.env, MIEN_GATEWAY_MAX_IN_FLIGHT: '1' });
    try {
      const mien = new MienClient(platform.grpcAddress, { timeoutMs: 120_000 });
      const [face] = await singleFaces(mien);
      mien.close();
      const { client } = clientsOf(platform.httpAddress, KEY);
      const detect = () => codeOf(client.DetectFace({ Image: face?.toString('base64') ?? '' }));
      const codes = await Promise.all(Array.from({ length: 10 }, detect));
      expect([...new Set(codes)].sort()).toEqual(['FailedOperation.RequestLimitExceeded', 'no error']);
      expect(await detect()).toBe('no error');
    } finally {
      await platform.stop();
      await settings.remove();
    }
  }, 180_000);
});
