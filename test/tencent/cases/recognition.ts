import assert from 'node:assert/strict';
import { type Case, codeOf, defaults, happy, limits, present, refuses } from '../case';
import type { World } from '../world';
import { NOBODY, PEOPLE, STAFF, TEAM } from './enrolled';
import { refusesFieldValues } from './library';
import { type Photo, refusesPhotos } from './photos';

const IDS = (count: number) => Array.from({ length: count }, (_, number) => `g${number}`);

function enrol({ client, person }: World, change: object) {
  return client.CreatePerson({
    GroupId: STAFF,
    PersonId: 'refused',
    PersonName: 'Refused',
    Image: person(12),
    ...change,
  });
}

/** Asks without the picture of enrol. */
function enrolPhoto({ client }: World, photo: Photo) {
  return client.CreatePerson({ GroupId: STAFF, PersonId: 'refused', PersonName: 'Refused', ...photo });
}

const VERIFICATIONS: readonly Case[] = (['VerifyFace', 'VerifyPerson'] as const).flatMap((action): Case[] => [
  happy(action, 'right and wrong people', async ({ client, person, group }) => {
    const right = await client[action]({ PersonId: PEOPLE[0], Image: group });
    const wrong = await client[action]({ PersonId: PEOPLE[4], Image: person(0) });
    assert.deepEqual([right.IsMatch, wrong.IsMatch], [true, false]);
    assert.ok(present(right.Score) >= 60 && present(wrong.Score) < 60);
  }),
  defaults(action, 'model 3.0, no quality control', async ({ client, person }) => {
    const answer = await client[action]({ PersonId: PEOPLE[1], Image: person(1) });
    assert.equal(answer.FaceModelVersion, '3.0');
  }),
  refuses(action, 'InvalidParameterValue.PersonIdNotExist', 'nobody', ({ client, person }) =>
    client[action]({ PersonId: NOBODY, Image: person(0) }),
  ),
  refuses(action, 'InvalidParameterValue.PersonIdIllegal', 'a sign', ({ client, person }) =>
    client[action]({ PersonId: 'a b', Image: person(0) }),
  ),
  refuses(action, 'InvalidParameterValue.QualityControlIllegal', 'level 5', ({ client, person }) =>
    client[action]({ PersonId: PEOPLE[0], Image: person(0), QualityControl: 5 }),
  ),
  refuses(action, 'FailedOperation.FaceQualityNotQualified', 'a small, blurred face', ({ client, small }) =>
    client[action]({ PersonId: PEOPLE[0], Image: small, QualityControl: 4 }),
  ),
  ...refusesPhotos(action, ({ client }, photo) => client[action]({ PersonId: PEOPLE[0], ...photo })),
]);

/** What all four searches have in common. */
function refusesSearches(
  action: string,
  mostGroups: number,
  ask: (world: World, change: object) => Promise<unknown>,
  askPhoto: (world: World, photo: Photo) => Promise<unknown>,
): Case[] {
  return [
    refuses(
      action,
      'InvalidParameterValue.GroupIdsExceed',
      `${mostGroups + 1} groups`,
      (world) => ask(world, { GroupIds: IDS(mostGroups + 1) }),
      'limits',
    ),
    refuses(
      action,
      'LimitExceeded.ErrorFaceNumExceed',
      '11 faces',
      (world) => ask(world, { MaxFaceNum: 11 }),
      'limits',
    ),
    refuses(action, 'InvalidParameterValue.GroupIdNotExist', 'no such group', (world) =>
      ask(world, { GroupIds: [NOBODY] }),
    ),
    refuses(action, 'MissingParameter.ErrorParameterEmpty', 'no groups', (world) =>
      ask(world, { GroupIds: [] }),
    ),
    refuses(action, 'InvalidParameterValue.NoFaceInGroups', 'an empty group', async (world) => {
      const id = `empty-${action}`;
      await world.client.CreateGroup({ GroupId: id, GroupName: id }).catch(codeOf);
      return ask(world, { GroupIds: [id] });
    }),
    refuses(action, 'InvalidParameterValue.FaceMatchThresholdIllegal', '101', (world) =>
      ask(world, { FaceMatchThreshold: 101 }),
    ),
    refuses(action, 'InvalidParameterValue.QualityControlIllegal', 'level 9', (world) =>
      ask(world, { QualityControl: 9 }),
    ),
    refuses(action, 'FailedOperation.FaceSizeTooSmall', 'a small face', (world) =>
      askPhoto(world, { Image: world.small }),
    ),
    ...refusesPhotos(action, askPhoto),
  ];
}

const SEARCHES: readonly Case[] = (['SearchFaces', 'SearchPersons'] as const).flatMap((action): Case[] => {
  const ask = ({ client, person }: World, change: object) =>
    client[action]({ GroupIds: [STAFF], Image: person(0), ...change });
  return [
    happy(action, 'the people of a photo, largest first, with who they are', async (world) => {
      const answer = await ask(world, {
        Image: world.group,
        MaxFaceNum: 10,
        NeedPersonInfo: 1,
        GroupIds: [STAFF, TEAM],
      });
      const best = present(answer.Results).map(({ Candidates }) => present(Candidates?.[0]));
      assert.deepEqual(best.map(({ PersonId }) => PersonId).sort(), PEOPLE.slice(0, 3));
      const areas = present(answer.Results).map(
        ({ FaceRect }) => present(FaceRect?.Width) * present(FaceRect?.Height),
      );
      assert.deepEqual(
        areas,
        [...areas].sort((a, b) => b - a),
      );
      assert.deepEqual([best[0]?.PersonName, best[0]?.Gender], ['Person0', 1]);
      assert.deepEqual(best[0]?.PersonGroupInfos?.[0], { GroupId: STAFF, PersonExDescriptions: ['badge-0'] });
      for (const { Candidates, RetCode } of present(answer.Results)) {
        assert.equal(RetCode, 0);
        const scores = present(Candidates).map(({ Score }) => present(Score));
        assert.deepEqual(
          scores,
          [...scores].sort((a, b) => b - a),
        );
      }
    }),
    defaults(action, 'one face, five persons, no information, model 3.0', async (world) => {
      const answer = await ask(world, { Image: world.group });
      assert.equal(answer.Results?.length, 1);
      const [result] = present(answer.Results);
      assert.ok(present(result?.Candidates).length <= 5);
      assert.equal(result?.Candidates?.[0]?.PersonName, null);
      assert.equal(answer.FaceModelVersion, '3.0');
    }),
    limits(action, 'at most so many persons, above the threshold', async (world) => {
      assert.equal((await ask(world, { MaxPersonNum: 1 })).Results?.[0]?.Candidates?.length, 1);
      const [result] = present((await ask(world, { FaceMatchThreshold: 60, MaxPersonNum: 100 })).Results);
      assert.deepEqual(
        result?.Candidates?.map(({ PersonId }) => PersonId),
        [PEOPLE[0]],
      );
    }),
    refuses(
      action,
      'InvalidParameterValue.LimitExceed',
      '101 persons',
      (world) => ask(world, { MaxPersonNum: 101 }),
      'limits',
    ),
    {
      ...happy(action, 'RetCode -1601 for a face below the quality asked for', async (world) => {
        const answer = await ask(world, { Image: world.small, MinFaceSize: 20, QualityControl: 4 });
        assert.deepEqual(
          answer.Results?.map(({ RetCode, Candidates }) => [RetCode, Candidates]),
          [[-1601, []]],
        );
      }),
      kind: 'errors',
    },
    ...refusesSearches(action, 100, ask, ({ client }, photo) =>
      client[action]({ GroupIds: [STAFF], ...photo }),
    ),
  ];
});

const SEARCHES_BY_GROUP: readonly Case[] = (
  ['SearchFacesReturnsByGroup', 'SearchPersonsReturnsByGroup'] as const
).flatMap((action): Case[] => {
  const ask = ({ client, person }: World, change: object) =>
    client[action]({ GroupIds: [STAFF, TEAM], Image: person(2), ...change });
  return [
    happy(action, 'each group by itself', async (world) => {
      const answer = await ask(world, { NeedPersonInfo: 1 });
      const [result] = present(answer.ResultsReturnsByGroup);
      const groups = present(result?.GroupCandidates);
      assert.deepEqual(
        groups.map(({ GroupId }) => GroupId),
        [STAFF, TEAM],
      );
      assert.deepEqual(
        groups.map(({ Candidates }) => Candidates?.[0]?.PersonId),
        [PEOPLE[2], PEOPLE[2]],
      );
      assert.equal(groups[0]?.Candidates?.[0]?.PersonName, 'Person2');
    }),
    defaults(action, 'one face, five persons of a group, model 3.0', async (world) => {
      const answer = await ask(world, { Image: world.group });
      assert.equal(answer.ResultsReturnsByGroup?.length, 1);
      const [groups] = present(answer.ResultsReturnsByGroup);
      assert.ok(present(groups?.GroupCandidates).every(({ Candidates }) => present(Candidates).length <= 5));
      assert.equal(answer.FaceModelVersion, '3.0');
    }),
    refuses(
      action,
      'InvalidParameterValue.LimitExceed',
      '11 persons of a group',
      (world) => ask(world, { MaxPersonNumPerGroup: 11 }),
      'limits',
    ),
    ...refusesSearches(action, 60, ask, ({ client }, photo) =>
      client[action]({ GroupIds: [STAFF], ...photo }),
    ),
  ];
});

export const RECOGNITION: readonly Case[] = [
  happy('CreatePerson', 'with a face, its place, and values', async (world) => {
    const made = await enrol(world, {
      PersonId: 'made',
      PersonName: '张三_1',
      Gender: 2,
      PersonExDescriptionInfos: [{ PersonExDescriptionIndex: 0, PersonExDescription: 'B 1' }],
      QualityControl: 1,
    });
    assert.match(present(made.FaceId), /^[0-9a-f-]{36}$/);
    assert.ok(present(made.FaceRect?.Width) > 34);
    const { PersonName, Gender } = await world.client.GetPersonBaseInfo({ PersonId: 'made' });
    assert.deepEqual([PersonName, Gender], ['张三_1', 2]);
  }),
  happy('CreatePerson', 'nobody who is there already, which is no error', async (world) => {
    const answer = await enrol(world, { PersonId: 'twin', Image: world.person(1), UniquePersonControl: 4 });
    assert.deepEqual([answer.SimilarPersonId, answer.FaceId], [PEOPLE[1], '']);
    assert.equal(
      await codeOf(world.client.GetPersonBaseInfo({ PersonId: 'twin' })),
      'InvalidParameterValue.PersonIdNotExist',
    );
  }),
  defaults('CreatePerson', 'no gender, no control of quality and likeness', async (world) => {
    const answer = await enrol(world, { PersonId: 'bare', Image: world.person(1) });
    assert.deepEqual([answer.SimilarPersonId, answer.FaceModelVersion], ['', '3.0']);
    assert.equal((await world.client.GetPersonBaseInfo({ PersonId: 'bare' })).Gender, 0);
    await world.client.DeletePerson({ PersonId: 'bare' });
  }),
  refuses('CreatePerson', 'InvalidParameterValue.PersonIdAlreadyExist', 'a taken id', (world) =>
    enrol(world, { PersonId: PEOPLE[0] }),
  ),
  refuses('CreatePerson', 'InvalidParameterValue.PersonIdIllegal', 'a sign', (world) =>
    enrol(world, { PersonId: 'é' }),
  ),
  refuses(
    'CreatePerson',
    'InvalidParameterValue.PersonIdTooLong',
    '65 bytes',
    (world) => enrol(world, { PersonId: 'p'.repeat(65) }),
    'limits',
  ),
  refuses('CreatePerson', 'InvalidParameterValue.PersonNameIllegal', 'a sign', (world) =>
    enrol(world, { PersonName: 'A!' }),
  ),
  refuses(
    'CreatePerson',
    'InvalidParameterValue.PersonNameTooLong',
    '61 characters',
    (world) => enrol(world, { PersonName: 'n'.repeat(61) }),
    'limits',
  ),
  refuses('CreatePerson', 'InvalidParameterValue.PersonGenderIllegal', 'gender 3', (world) =>
    enrol(world, { Gender: 3 }),
  ),
  refuses('CreatePerson', 'InvalidParameterValue.GroupIdNotExist', 'no such group', (world) =>
    enrol(world, { GroupId: NOBODY }),
  ),
  refuses('CreatePerson', 'InvalidParameterValue.UniquePersonControlIllegal', 'level 5', (world) =>
    enrol(world, { UniquePersonControl: 5 }),
  ),
  refuses('CreatePerson', 'InvalidParameterValue.QualityControlIllegal', 'level 5', (world) =>
    enrol(world, { QualityControl: 5 }),
  ),
  refuses('CreatePerson', 'FailedOperation.FaceQualityNotQualified', 'a small, blurred face', (world) =>
    enrol(world, { Image: world.small, QualityControl: 4 }),
  ),
  refuses('CreatePerson', 'MissingParameter.ErrorParameterEmpty', 'no name', (world) =>
    enrol(world, { PersonName: '' }),
  ),
  ...refusesFieldValues('CreatePerson', (world, values) =>
    enrol(world, { PersonExDescriptionInfos: values }),
  ),
  ...refusesPhotos('CreatePerson', enrolPhoto),

  happy('CreateFace', 'each image is told of by itself', async (world) => {
    const { client, person } = world;
    await enrol(world, { PersonId: 'faces' });
    const answer = await client.CreateFace({
      PersonId: 'faces',
      Images: [person(12), world.blank, person(4), Buffer.from('no image').toString('base64')],
    });
    assert.deepEqual(answer.RetCode, [0, -1101, -1604, -1102]);
    assert.deepEqual([answer.SucFaceNum, answer.SucIndexes], [1, [0]]);
    assert.equal(answer.SucFaceIds?.length, 1);
    assert.ok(present(answer.SucFaceRects?.[0]?.Width) > 34);
  }),
  defaults('CreateFace', 'a threshold of 60; any at 0', async ({ client, person }) => {
    const refused = await client.CreateFace({ PersonId: 'faces', Images: [person(5)] });
    assert.deepEqual(refused.RetCode, [-1604]);
    const taken = await client.CreateFace({ PersonId: 'faces', Images: [person(5)], FaceMatchThreshold: 0 });
    assert.deepEqual(taken.RetCode, [0]);
  }),
  limits('CreateFace', 'quality and size', async (world) => {
    const answer = await world.client.CreateFace({
      PersonId: 'faces',
      Images: [world.small, 'A'.repeat(5 * 1024 * 1024 + 4)],
      QualityControl: 4,
      FaceMatchThreshold: 0,
    });
    assert.deepEqual(answer.RetCode, [-1601, -1109]);
  }),
  refuses(
    'CreateFace',
    'InvalidParameterValue.UploadFaceNumExceed',
    'five images',
    ({ client, blank }) =>
      client.CreateFace({ PersonId: 'faces', Images: [blank, blank, blank, blank, blank] }),
    'limits',
  ),
  refuses(
    'CreateFace',
    'InvalidParameterValue.PersonFaceNumExceed',
    'more than five faces in all',
    ({ client, blank }) => client.CreateFace({ PersonId: 'faces', Images: [blank, blank, blank] }),
    'limits',
  ),
  refuses('CreateFace', 'InvalidParameterValue.PersonIdNotExist', 'nobody', ({ client, blank }) =>
    client.CreateFace({ PersonId: NOBODY, Images: [blank] }),
  ),
  refuses('CreateFace', 'InvalidParameterValue.ImageEmpty', 'no images', ({ client }) =>
    client.CreateFace({ PersonId: 'faces' }),
  ),
  refuses('CreateFace', 'InvalidParameterValue.FaceMatchThresholdIllegal', '-1', ({ client, blank }) =>
    client.CreateFace({ PersonId: 'faces', Images: [blank], FaceMatchThreshold: -1 }),
  ),
  refuses('CreateFace', 'InvalidParameterValue.QualityControlIllegal', 'level 5', ({ client, blank }) =>
    client.CreateFace({ PersonId: 'faces', Images: [blank], QualityControl: 5 }),
  ),

  happy('DeleteFace', 'those that are there', async ({ client }) => {
    const before = present((await client.GetPersonBaseInfo({ PersonId: 'faces' })).FaceIds);
    const answer = await client.DeleteFace({ PersonId: 'faces', FaceIds: [present(before[1]), 'unknown'] });
    assert.deepEqual([answer.SucDeletedNum, answer.SucFaceIds], [1, [before[1]]]);
    assert.equal((await client.DeleteFace({ PersonId: 'faces', FaceIds: ['unknown'] })).SucDeletedNum, 0);
  }),
  refuses(
    'DeleteFace',
    'InvalidParameterValue.DeleteFaceNumExceed',
    'the last face',
    async ({ client }) => {
      const { FaceIds } = await client.GetPersonBaseInfo({ PersonId: PEOPLE[0] });
      return client.DeleteFace({ PersonId: PEOPLE[0], FaceIds: present(FaceIds) });
    },
    'limits',
  ),
  refuses('DeleteFace', 'InvalidParameterValue.PersonIdNotExist', 'nobody', ({ client }) =>
    client.DeleteFace({ PersonId: NOBODY, FaceIds: ['x'] }),
  ),
  refuses('DeleteFace', 'MissingParameter.ErrorParameterEmpty', 'no faces', ({ client }) =>
    client.DeleteFace({ PersonId: PEOPLE[0], FaceIds: [] }),
  ),
  ...VERIFICATIONS,
  ...SEARCHES,
  ...SEARCHES_BY_GROUP,
];
