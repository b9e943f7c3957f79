import assert from 'node:assert/strict';
import { type Case, defaults, happy, limits, present, refuses } from '../case';
import type { World } from '../world';
import { NOBODY, PEOPLE, STAFF, TEAM } from './enrolled';

const LONG_ID = 'i'.repeat(65);
const LONG_NAME = '名'.repeat(61);

type GroupChange = { GroupName?: string; Tag?: string; GroupExDescriptions?: string[] };

/** Asks for a group that is not there yet, unless the request says so. */
function create({ client }: World, change: GroupChange & { GroupId?: string; FaceModelVersion?: string }) {
  return client.CreateGroup({ GroupId: 'refused', GroupName: 'Refused', ...change });
}

/** What creating and changing a group both refuse. */
function refusesGroups(action: string, ask: (world: World, change: GroupChange) => Promise<unknown>): Case[] {
  return [
    refuses(action, 'InvalidParameterValue.GroupNameAlreadyExist', 'a taken name', (world) =>
      ask(world, { GroupName: 'Staff' }),
    ),
    refuses(action, 'InvalidParameterValue.GroupNameIllegal', 'a sign', (world) =>
      ask(world, { GroupName: 'A;B' }),
    ),
    refuses(
      action,
      'InvalidParameterValue.GroupNameTooLong',
      '61 characters',
      (world) => ask(world, { GroupName: LONG_NAME }),
      'limits',
    ),
    refuses(action, 'InvalidParameterValue.GroupTagIllegal', 'a sign', (world) => ask(world, { Tag: '<b>' })),
    refuses(
      action,
      'InvalidParameterValue.GroupTagTooLong',
      '41 characters',
      (world) => ask(world, { Tag: 't'.repeat(41) }),
      'limits',
    ),
    refuses(
      action,
      'InvalidParameterValue.GroupExDescriptionsExceed',
      'six fields',
      (world) => ask(world, { GroupExDescriptions: ['a', 'b', 'c', 'd', 'e', 'f'] }),
      'limits',
    ),
    refuses(action, 'InvalidParameterValue.GroupExDescriptionsNameIdentical', 'two alike', (world) =>
      ask(world, { GroupExDescriptions: ['a', 'a'] }),
    ),
    refuses(action, 'InvalidParameterValue.GroupExDescriptionsNameIllegal', 'a sign', (world) =>
      ask(world, { GroupExDescriptions: ['a.b'] }),
    ),
    refuses(
      action,
      'InvalidParameterValue.GroupExDescriptionsNameTooLong',
      '31 characters',
      (world) => ask(world, { GroupExDescriptions: ['d'.repeat(31)] }),
      'limits',
    ),
  ];
}

/** That a group of such an id is refused. */
function refusesGroupIds(action: string, ask: (world: World, id: string) => Promise<unknown>): Case[] {
  return [
    refuses(action, 'InvalidParameterValue.GroupIdNotExist', 'nothing there', (world) => ask(world, NOBODY)),
    refuses(action, 'InvalidParameterValue.GroupIdIllegal', 'a sign', (world) => ask(world, 'a b')),
    refuses(
      action,
      'InvalidParameterValue.GroupIdTooLong',
      '65 bytes',
      (world) => ask(world, LONG_ID),
      'limits',
    ),
    refuses(action, 'MissingParameter.ErrorParameterEmpty', 'no id', (world) => ask(world, '')),
  ];
}

function refusesPersonIds(action: string, ask: (world: World, id: string) => Promise<unknown>): Case[] {
  return [
    refuses(action, 'InvalidParameterValue.PersonIdNotExist', 'nobody', (world) => ask(world, NOBODY)),
    refuses(action, 'InvalidParameterValue.PersonIdIllegal', 'a sign', (world) => ask(world, 'a/b')),
    refuses(
      action,
      'InvalidParameterValue.PersonIdTooLong',
      '65 bytes',
      (world) => ask(world, LONG_ID),
      'limits',
    ),
    refuses(action, 'MissingParameter.ErrorParameterEmpty', 'no id', (world) => ask(world, '')),
  ];
}

function refusesPages(
  action: string,
  ask: (world: World, page: object) => Promise<unknown>,
  most: number,
): Case[] {
  return [
    refuses(
      action,
      'InvalidParameterValue.LimitExceed',
      `${most + 1} entries`,
      (world) => ask(world, { Limit: most + 1 }),
      'limits',
    ),
    refuses(action, 'InvalidParameterValue.OffsetExceed', 'beyond the end', (world) =>
      ask(world, { Offset: 5_000 }),
    ),
  ];
}

const info = (index: number, value: string) => ({
  PersonExDescriptionIndex: index,
  PersonExDescription: value,
});

export const LIBRARY: readonly Case[] = [
  happy('CreateGroup', 'with fields of its own and a tag', async (world) => {
    const made = await create(world, {
      GroupId: 'made-%@#&_1',
      GroupName: '访客_1',
      GroupExDescriptions: ['工号', 'floor'],
      Tag: '一楼',
    });
    assert.equal(made.FaceModelVersion, '3.0');
    const read = await world.client.GetGroupInfo({ GroupId: 'made-%@#&_1' });
    assert.deepEqual(
      [read.GroupName, read.Tag, read.GroupExDescriptions],
      ['访客_1', '一楼', ['工号', 'floor']],
    );
    assert.ok(Math.abs(present(read.CreationTimestamp) - Date.now()) < 60_000);
  }),
  defaults('CreateGroup', 'no fields, no tag, model 3.0', async (world) => {
    await create(world, { GroupId: 'bare', GroupName: 'Bare' });
    const { GroupExDescriptions, Tag, FaceModelVersion } = await world.client.GetGroupInfo({
      GroupId: 'bare',
    });
    assert.deepEqual([GroupExDescriptions, Tag, FaceModelVersion], [[], '', '3.0']);
  }),
  limits('CreateGroup', 'an id of 64 bytes, a name of 60 characters, five fields', async (world) => {
    await create(world, {
      GroupId: 'g'.repeat(64),
      GroupName: '组'.repeat(60),
      GroupExDescriptions: ['1', '2', '3', '4', '5'.repeat(30)],
      Tag: 't'.repeat(40),
    });
  }),
  refuses('CreateGroup', 'InvalidParameterValue.GroupIdAlreadyExist', 'a taken id', (world) =>
    create(world, { GroupId: STAFF }),
  ),
  refuses('CreateGroup', 'InvalidParameterValue.GroupIdIllegal', 'a sign', (world) =>
    create(world, { GroupId: 'a b' }),
  ),
  refuses(
    'CreateGroup',
    'InvalidParameterValue.GroupIdTooLong',
    '65 bytes',
    (world) => create(world, { GroupId: LONG_ID }),
    'limits',
  ),
  refuses('CreateGroup', 'MissingParameter.ErrorParameterEmpty', 'no id', (world) =>
    create(world, { GroupId: '' }),
  ),
  refuses('CreateGroup', 'InvalidParameterValue.FaceModelVersionIllegal', 'model 2.0', (world) =>
    create(world, { FaceModelVersion: '2.0' }),
  ),
  ...refusesGroups('CreateGroup', create),

  happy('ModifyGroup', 'name, tag and fields', async ({ client }) => {
    await client.CreateGroup({ GroupId: 'modified', GroupName: 'Before', GroupExDescriptions: ['a', 'b'] });
    await client.ModifyGroup({
      GroupId: 'modified',
      GroupName: 'After',
      Tag: 'new',
      GroupExDescriptionInfos: [{ GroupExDescriptionIndex: 1, GroupExDescription: 'c' }],
    });
    const { GroupName, Tag, GroupExDescriptions } = await client.GetGroupInfo({ GroupId: 'modified' });
    assert.deepEqual([GroupName, Tag, GroupExDescriptions], ['After', 'new', ['a', 'c']]);
  }),
  defaults('ModifyGroup', 'what is not given stays', async ({ client }) => {
    const before = await client.GetGroupInfo({ GroupId: TEAM });
    await client.ModifyGroup({ GroupId: TEAM });
    const after = await client.GetGroupInfo({ GroupId: TEAM });
    assert.deepEqual([after.GroupName, after.Tag], [before.GroupName, before.Tag]);
  }),
  refuses('ModifyGroup', 'FailedOperation.DuplicatedGroupDescription', 'a field it has', ({ client }) =>
    client.ModifyGroup({
      GroupId: STAFF,
      GroupExDescriptionInfos: [{ GroupExDescriptionIndex: 1, GroupExDescription: 'badge' }],
    }),
  ),
  refuses('ModifyGroup', 'InvalidParameter.InvalidParameter', 'a gap', ({ client }) =>
    client.ModifyGroup({
      GroupId: TEAM,
      GroupExDescriptionInfos: [{ GroupExDescriptionIndex: 4, GroupExDescription: 'far' }],
    }),
  ),
  ...refusesGroupIds('ModifyGroup', ({ client }, GroupId) => client.ModifyGroup({ GroupId })),
  ...refusesGroups('ModifyGroup', ({ client }, { GroupExDescriptions: names, ...change }) =>
    client.ModifyGroup({
      GroupId: TEAM,
      ...change,
      GroupExDescriptionInfos: (names ?? []).map((name, index) => ({
        GroupExDescriptionIndex: index,
        GroupExDescription: name,
      })),
    }),
  ),

  happy('DeleteGroup', 'persons of it alone go, others stay', async ({ client, person }) => {
    await client.CreateGroup({ GroupId: 'short', GroupName: 'Short' });
    await client.CreatePerson({ GroupId: 'short', PersonId: 'only', PersonName: 'Only', Image: person(9) });
    await client.CopyPerson({ PersonId: PEOPLE[0], GroupIds: ['short'] });
    await client.DeleteGroup({ GroupId: 'short' });
    await assert.rejects(client.GetPersonBaseInfo({ PersonId: 'only' }), {
      code: 'InvalidParameterValue.PersonIdNotExist',
    });
    assert.equal((await client.GetPersonBaseInfo({ PersonId: PEOPLE[0] })).PersonName, 'Person0');
  }),
  ...refusesGroupIds('DeleteGroup', ({ client }, GroupId) => client.DeleteGroup({ GroupId })),

  happy('GetGroupList', 'page after page', async ({ client }) => {
    const all = await client.GetGroupList({ Limit: 1000 });
    const ids = present(all.GroupInfos).map(({ GroupId }) => GroupId);
    assert.equal(ids.length, all.GroupNum);
    const read: unknown[] = [];
    for (let offset = 0; offset < ids.length; offset += 2) {
      const { GroupInfos } = await client.GetGroupList({ Offset: offset, Limit: 2 });
      read.push(...present(GroupInfos).map(({ GroupId }) => GroupId));
    }
    assert.deepEqual(read, ids);
    const from = await client.GetGroupList({ Offset: 1, Limit: 1000 });
    assert.deepEqual(
      from.GroupInfos?.map(({ GroupId }) => GroupId),
      ids.slice(1),
    );
  }),
  defaults('GetGroupList', 'the first ten', async ({ client }) => {
    for (let number = 0; number < 10; number++) {
      await client.CreateGroup({ GroupId: `many-${number}`, GroupName: `Many-${number}` });
    }
    const { GroupInfos, GroupNum } = await client.GetGroupList({});
    assert.equal(GroupInfos?.length, 10);
    assert.equal(GroupInfos?.[0]?.GroupId, STAFF);
    assert.ok(present(GroupNum) > 10);
  }),
  limits('GetGroupList', 'an offset at the end is an empty page', async ({ client }) => {
    const { GroupNum } = await client.GetGroupList({ Limit: 1 });
    assert.deepEqual((await client.GetGroupList({ Offset: present(GroupNum) })).GroupInfos, []);
  }),
  ...refusesPages('GetGroupList', ({ client }, page) => client.GetGroupList(page), 1000),

  happy('GetGroupInfo', 'all of it', async ({ client }) => {
    const { GroupName, GroupId, GroupExDescriptions, FaceModelVersion } = await client.GetGroupInfo({
      GroupId: STAFF,
    });
    assert.deepEqual(
      [GroupName, GroupId, GroupExDescriptions, FaceModelVersion],
      ['Staff', STAFF, ['badge'], '3.0'],
    );
  }),
  ...refusesGroupIds('GetGroupInfo', ({ client }, GroupId) => client.GetGroupInfo({ GroupId })),

  happy('ModifyPersonBaseInfo', 'name and gender', async ({ client }) => {
    await client.ModifyPersonBaseInfo({ PersonId: PEOPLE[3], PersonName: '新名字', Gender: 2 });
    const { PersonName, Gender } = await client.GetPersonBaseInfo({ PersonId: PEOPLE[3] });
    assert.deepEqual([PersonName, Gender], ['新名字', 2]);
  }),
  defaults('ModifyPersonBaseInfo', 'what is not given stays', async ({ client }) => {
    const before = await client.GetPersonBaseInfo({ PersonId: PEOPLE[4] });
    await client.ModifyPersonBaseInfo({ PersonId: PEOPLE[4] });
    const after = await client.GetPersonBaseInfo({ PersonId: PEOPLE[4] });
    assert.deepEqual([after.PersonName, after.Gender], [before.PersonName, before.Gender]);
  }),
  refuses('ModifyPersonBaseInfo', 'InvalidParameterValue.PersonGenderIllegal', 'gender 3', ({ client }) =>
    client.ModifyPersonBaseInfo({ PersonId: PEOPLE[4], Gender: 3 }),
  ),
  refuses('ModifyPersonBaseInfo', 'InvalidParameterValue.PersonNameIllegal', 'a sign', ({ client }) =>
    client.ModifyPersonBaseInfo({ PersonId: PEOPLE[4], PersonName: 'A*' }),
  ),
  refuses(
    'ModifyPersonBaseInfo',
    'InvalidParameterValue.PersonNameTooLong',
    '61 characters',
    ({ client }) => client.ModifyPersonBaseInfo({ PersonId: PEOPLE[4], PersonName: LONG_NAME }),
    'limits',
  ),
  ...refusesPersonIds('ModifyPersonBaseInfo', ({ client }, PersonId) =>
    client.ModifyPersonBaseInfo({ PersonId }),
  ),

  happy('GetPersonBaseInfo', 'name, gender, faces', async ({ client }) => {
    const { PersonName, Gender, FaceIds } = await client.GetPersonBaseInfo({ PersonId: PEOPLE[1] });
    assert.deepEqual([PersonName, Gender, FaceIds?.length], ['Person1', 1, 1]);
  }),
  ...refusesPersonIds('GetPersonBaseInfo', ({ client }, PersonId) => client.GetPersonBaseInfo({ PersonId })),

  happy('ModifyPersonGroupInfo', 'values for the fields of a group', async ({ client }) => {
    await client.ModifyPersonGroupInfo({
      GroupId: STAFF,
      PersonId: PEOPLE[4],
      PersonExDescriptionInfos: [info(0, 'B 7')],
    });
    const { PersonGroupInfos } = await client.GetPersonGroupInfo({ PersonId: PEOPLE[4] });
    assert.deepEqual(PersonGroupInfos, [{ GroupId: STAFF, PersonExDescriptions: ['B 7'] }]);
  }),
  refuses(
    'ModifyPersonGroupInfo',
    'FailedOperation.GroupPersonMapNotExist',
    'not in the group',
    ({ client }) =>
      client.ModifyPersonGroupInfo({ GroupId: TEAM, PersonId: PEOPLE[4], PersonExDescriptionInfos: [] }),
  ),
  ...refusesFieldValues('ModifyPersonGroupInfo', ({ client }, infos) =>
    client.ModifyPersonGroupInfo({ GroupId: STAFF, PersonId: PEOPLE[4], PersonExDescriptionInfos: infos }),
  ),
  ...refusesPersonIds('ModifyPersonGroupInfo', ({ client }, PersonId) =>
    client.ModifyPersonGroupInfo({ GroupId: STAFF, PersonId, PersonExDescriptionInfos: [] }),
  ),
  ...refusesGroupIds('ModifyPersonGroupInfo', ({ client }, GroupId) =>
    client.ModifyPersonGroupInfo({ GroupId, PersonId: PEOPLE[4], PersonExDescriptionInfos: [] }),
  ),

  happy('GetPersonGroupInfo', 'every group of a person', async ({ client }) => {
    const answer = await client.GetPersonGroupInfo({ PersonId: PEOPLE[2], Offset: 1 });
    assert.deepEqual(answer.PersonGroupInfos, [{ GroupId: TEAM, PersonExDescriptions: [] }]);
    assert.equal(answer.GroupNum, 2);
  }),
  defaults('GetPersonGroupInfo', 'from the first on, model 3.0', async ({ client }) => {
    const answer = await client.GetPersonGroupInfo({ PersonId: PEOPLE[2] });
    assert.deepEqual(
      answer.PersonGroupInfos?.map(({ GroupId }) => GroupId),
      [STAFF, TEAM],
    );
    assert.equal(answer.FaceModelVersion, '3.0');
  }),
  ...refusesPersonIds('GetPersonGroupInfo', ({ client }, PersonId) =>
    client.GetPersonGroupInfo({ PersonId }),
  ),
  ...refusesPages(
    'GetPersonGroupInfo',
    ({ client }, page) => client.GetPersonGroupInfo({ PersonId: PEOPLE[2], ...page }),
    100,
  ),

  happy('GetPersonList', 'the members, with their faces and values', async ({ client }) => {
    const { PersonInfos, PersonNum, FaceNum } = await client.GetPersonList({
      GroupId: STAFF,
      Offset: 1,
      Limit: 1,
    });
    const [second] = present(PersonInfos);
    assert.deepEqual(
      [second?.PersonId, second?.PersonName, second?.FaceIds?.length],
      [PEOPLE[1], 'Person1', 1],
    );
    assert.deepEqual(second?.PersonExDescriptions, ['badge-1']);
    assert.ok(present(PersonNum) >= 5 && present(FaceNum) >= 5);
  }),
  defaults('GetPersonList', 'from the first on', async ({ client }) => {
    assert.equal((await client.GetPersonList({ GroupId: STAFF })).PersonInfos?.[0]?.PersonId, PEOPLE[0]);
  }),
  ...refusesGroupIds('GetPersonList', ({ client }, GroupId) => client.GetPersonList({ GroupId })),
  ...refusesPages(
    'GetPersonList',
    ({ client }, page) => client.GetPersonList({ GroupId: STAFF, ...page }),
    1000,
  ),

  happy('GetPersonListNum', 'persons and faces', async ({ client }) => {
    const { PersonNum, FaceNum } = await client.GetPersonListNum({ GroupId: TEAM });
    assert.deepEqual([PersonNum, FaceNum], [1, 1]);
  }),
  ...refusesGroupIds('GetPersonListNum', ({ client }, GroupId) => client.GetPersonListNum({ GroupId })),

  happy('CopyPerson', 'those groups that can be joined', async ({ client }) => {
    await client.CreateGroup({ GroupId: 'copies', GroupName: 'Copies' });
    const answer = await client.CopyPerson({ PersonId: PEOPLE[0], GroupIds: ['copies', NOBODY, STAFF] });
    assert.deepEqual([answer.SucGroupNum, answer.SucGroupIds], [1, ['copies']]);
  }),
  refuses('CopyPerson', 'FailedOperation.GroupPersonMapExist', 'in the group already', ({ client }) =>
    client.CopyPerson({ PersonId: PEOPLE[0], GroupIds: [STAFF] }),
  ),
  refuses(
    'CopyPerson',
    'InvalidParameterValue.GroupIdsExceed',
    '101 groups',
    ({ client }) =>
      client.CopyPerson({ PersonId: PEOPLE[0], GroupIds: Array.from({ length: 101 }, (_, n) => `g${n}`) }),
    'limits',
  ),
  ...refusesPersonIds('CopyPerson', ({ client }, PersonId) =>
    client.CopyPerson({ PersonId, GroupIds: [TEAM] }),
  ),

  happy('DeletePersonFromGroup', 'out of the last group, the person is gone', async ({ client, person }) => {
    await client.CreatePerson({
      GroupId: STAFF,
      PersonId: 'leaving',
      PersonName: 'Leaving',
      Image: person(10),
    });
    await client.CopyPerson({ PersonId: 'leaving', GroupIds: [TEAM] });
    await client.DeletePersonFromGroup({ PersonId: 'leaving', GroupId: STAFF });
    assert.equal((await client.GetPersonGroupInfo({ PersonId: 'leaving' })).GroupNum, 1);
    await client.DeletePersonFromGroup({ PersonId: 'leaving', GroupId: TEAM });
    await assert.rejects(client.GetPersonBaseInfo({ PersonId: 'leaving' }), {
      code: 'InvalidParameterValue.PersonIdNotExist',
    });
  }),
  refuses(
    'DeletePersonFromGroup',
    'FailedOperation.GroupPersonMapNotExist',
    'not in the group',
    ({ client }) => client.DeletePersonFromGroup({ PersonId: PEOPLE[4], GroupId: TEAM }),
  ),
  ...refusesPersonIds('DeletePersonFromGroup', ({ client }, PersonId) =>
    client.DeletePersonFromGroup({ PersonId, GroupId: STAFF }),
  ),

  happy('DeletePerson', 'from every group', async ({ client, person }) => {
    await client.CreatePerson({ GroupId: STAFF, PersonId: 'gone', PersonName: 'Gone', Image: person(11) });
    await client.DeletePerson({ PersonId: 'gone' });
    await assert.rejects(client.GetPersonBaseInfo({ PersonId: 'gone' }), {
      code: 'InvalidParameterValue.PersonIdNotExist',
    });
  }),
  ...refusesPersonIds('DeletePerson', ({ client }, PersonId) => client.DeletePerson({ PersonId })),
];

type FieldValues = { PersonExDescriptionIndex: number; PersonExDescription: string }[];

/** What is refused of a person's values for the fields of a group. The group has one field. */
export function refusesFieldValues(
  action: string,
  ask: (world: World, values: FieldValues) => Promise<unknown>,
): Case[] {
  const value = (index: number, text: string) => ({
    PersonExDescriptionIndex: index,
    PersonExDescription: text,
  });
  return [
    refuses(action, 'InvalidParameterValue.PersonExDescriptionInfosExceed', 'a field it has not', (world) =>
      ask(world, [value(1, 'x')]),
    ),
    refuses(action, 'InvalidParameterValue.PersonExDescriptionsNameIdentical', 'one twice', (world) =>
      ask(world, [value(0, 'x'), value(0, 'y')]),
    ),
    refuses(action, 'InvalidParameterValue.PersonExDescriptionsNameIllegal', 'a control character', (world) =>
      ask(world, [value(0, 'a\u0007')]),
    ),
    refuses(
      action,
      'InvalidParameterValue.PersonExDescriptionsNameTooLong',
      '61 characters',
      (world) => ask(world, [value(0, 'v'.repeat(61))]),
      'limits',
    ),
  ];
}
