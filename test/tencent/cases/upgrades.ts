import assert from 'node:assert/strict';
import { type Case, codeOf, defaults, happy, present, refuses } from '../case';
import type { World } from '../world';
import { NOBODY } from './enrolled';

const GROUP = 'moving';

/** A group of the older model that was brought to the newer one, and the job that did it. */
async function upgraded({ client, person }: World): Promise<string> {
  if ((await codeOf(client.CreateGroup({ GroupId: GROUP, GroupName: 'Moving' }))) === 'no error') {
    await client.CreatePerson({ GroupId: GROUP, PersonId: 'mover', PersonName: 'Mover', Image: person(0) });
    await client.UpgradeGroupFaceModelVersion({ GroupId: GROUP, FaceModelVersion: '3.0' });
  }
  const { JobInfos } = await client.GetUpgradeGroupFaceModelVersionJobList({});
  const id = present(JobInfos?.[0]?.JobId);
  for (let polls = 0; polls < 300; polls++) {
    const { Status } = await client.GetUpgradeGroupFaceModelVersionResult({ JobId: id });
    if (Status !== 0) {
      return id;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the upgrade does not end');
}

/** For a platform with two models, of which new groups have the one that is called 2.0. */
export const UPGRADES: readonly Case[] = [
  happy('UpgradeGroupFaceModelVersion', 'from 2.0 to 3.0', async (world) => {
    await upgraded(world);
    assert.equal((await world.client.GetGroupInfo({ GroupId: GROUP })).FaceModelVersion, '3.0');
    assert.equal(
      (await world.client.VerifyFace({ PersonId: 'mover', Image: world.person(0) })).IsMatch,
      true,
    );
  }),
  refuses(
    'UpgradeGroupFaceModelVersion',
    'FailedOperation.GroupCannotUpgrade',
    'where it is',
    async (world) => {
      await upgraded(world);
      return world.client.UpgradeGroupFaceModelVersion({ GroupId: GROUP, FaceModelVersion: '3.0' });
    },
  ),
  refuses('UpgradeGroupFaceModelVersion', 'FailedOperation.GroupCannotUpgrade', 'back', async (world) => {
    await upgraded(world);
    return world.client.UpgradeGroupFaceModelVersion({ GroupId: GROUP, FaceModelVersion: '2.0' });
  }),
  refuses(
    'UpgradeGroupFaceModelVersion',
    'InvalidParameterValue.FaceModelVersionIllegal',
    '4.0',
    ({ client }) => client.UpgradeGroupFaceModelVersion({ GroupId: GROUP, FaceModelVersion: '4.0' }),
  ),
  refuses(
    'UpgradeGroupFaceModelVersion',
    'InvalidParameterValue.GroupIdNotExist',
    'no such group',
    ({ client }) => client.UpgradeGroupFaceModelVersion({ GroupId: NOBODY, FaceModelVersion: '3.0' }),
  ),
  happy('GetUpgradeGroupFaceModelVersionJobList', 'the job', async (world) => {
    const id = await upgraded(world);
    const { JobInfos, JobNum } = await world.client.GetUpgradeGroupFaceModelVersionJobList({ Limit: 1 });
    assert.equal(JobNum, 1);
    const { JobId, GroupId, FromFaceModelVersion, ToFaceModelVersion, Status } = present(JobInfos?.[0]);
    assert.deepEqual(
      [JobId, GroupId, FromFaceModelVersion, ToFaceModelVersion, Status],
      [id, GROUP, '2.0', '3.0', 1],
    );
  }),
  defaults('GetUpgradeGroupFaceModelVersionJobList', 'the first ten', async ({ client }) => {
    assert.ok(present((await client.GetUpgradeGroupFaceModelVersionJobList({})).JobInfos).length <= 10);
  }),
  refuses(
    'GetUpgradeGroupFaceModelVersionJobList',
    'InvalidParameterValue.LimitExceed',
    '1001',
    ({ client }) => client.GetUpgradeGroupFaceModelVersionJobList({ Limit: 1001 }),
    'limits',
  ),
  happy('GetUpgradeGroupFaceModelVersionResult', 'done, without faces that failed', async (world) => {
    const answer = await world.client.GetUpgradeGroupFaceModelVersionResult({ JobId: await upgraded(world) });
    const { EndTimestamp, Progress, Status, FailedFacesUrl } = answer;
    assert.deepEqual([EndTimestamp, Progress, Status, FailedFacesUrl], [0, 100, 1, '']);
  }),
  refuses(
    'GetUpgradeGroupFaceModelVersionResult',
    'FailedOperation.UpgradeJobIdNotExist',
    'no such job',
    ({ client }) => client.GetUpgradeGroupFaceModelVersionResult({ JobId: NOBODY }),
  ),
  refuses(
    'RevertGroupFaceModelVersion',
    'FailedOperation.UpgradeJobIdNotExist',
    'no such job',
    ({ client }) => client.RevertGroupFaceModelVersion({ JobId: NOBODY }),
  ),
  happy('RevertGroupFaceModelVersion', 'back to 2.0', async (world) => {
    const id = await upgraded(world);
    await world.client.RevertGroupFaceModelVersion({ JobId: id });
    assert.equal((await world.client.GetGroupInfo({ GroupId: GROUP })).FaceModelVersion, '2.0');
    assert.equal((await world.client.GetUpgradeGroupFaceModelVersionResult({ JobId: id })).Status, 2);
  }),
  refuses(
    'RevertGroupFaceModelVersion',
    'FailedOperation.JobCannnotRollback',
    'a second time',
    async ({ client }) => {
      const { JobInfos } = await client.GetUpgradeGroupFaceModelVersionJobList({});
      return client.RevertGroupFaceModelVersion({ JobId: present(JobInfos?.[0]?.JobId) });
    },
  ),
  refuses('SearchFaces', 'FailedOperation.AcrossVersionsError', 'groups of two models', async (world) => {
    const { client, person } = world;
    await client.CreateGroup({ GroupId: 'older', GroupName: 'Older' });
    await client.CreateGroup({ GroupId: 'newer', GroupName: 'Newer' });
    await client.CreatePerson({ GroupId: 'newer', PersonId: 'new-one', PersonName: 'New', Image: person(1) });
    const { JobId } = await client.UpgradeGroupFaceModelVersion({
      GroupId: 'newer',
      FaceModelVersion: '3.0',
    });
    for (let polls = 0; polls < 300; polls++) {
      const { Status } = await client.GetUpgradeGroupFaceModelVersionResult({ JobId: present(JobId) });
      if (Status === 1) {
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await client.CreatePerson({ GroupId: 'older', PersonId: 'old-one', PersonName: 'Old', Image: person(2) });
    return client.SearchFaces({ GroupIds: ['older', 'newer'], Image: person(1) });
  }),
];
