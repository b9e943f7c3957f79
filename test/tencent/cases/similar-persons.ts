import assert from 'node:assert/strict';
import { type Case, codeOf, defaults, happy, present, refuses } from '../case';
import type { World } from '../world';
import { NOBODY, STAFF } from './enrolled';

const TWINS = 'twins';
const UNFINISHED = 'FailedOperation.CheckDuplicatePersonTaskNotFinished';
const ELEVEN = Array.from({ length: 11 }, (_, number) => `g${number}`);

interface Pair {
  readonly Score: number;
  readonly Persons: readonly { readonly PersonId: string; readonly GroupIds: readonly string[] }[];
}

/** A check over a group that has somebody twice, when it is done. */
async function checked({ client, older, person }: World) {
  const made = await codeOf(client.CreateGroup({ GroupId: TWINS, GroupName: 'Twins' }));
  if (made === 'no error') {
    for (const [id, number] of [
      ['twin-1', 6],
      ['twin-2', 6],
      ['other', 7],
    ] as const) {
      await client.CreatePerson({ GroupId: TWINS, PersonId: id, PersonName: id, Image: person(number) });
    }
  }
  const { JobId } = await older.CheckSimilarPerson({ GroupIds: [TWINS], UniquePersonControl: 1 });
  const id = present(JobId);
  let result = await older.GetSimilarPersonResult({ JobId: id });
  for (let polls = 0; result.Progress !== 100 && polls < 300; polls++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    result = await older.GetSimilarPersonResult({ JobId: id });
  }
  return { id, result };
}

export const SIMILAR_PERSONS: readonly Case[] = [
  happy('EstimateCheckSimilarPersonCostTime', 'minutes', async ({ older }) => {
    const { EstimatedTimeCost } = await older.EstimateCheckSimilarPersonCostTime({ GroupIds: [STAFF] });
    assert.ok(present(EstimatedTimeCost) >= 0 && Number.isInteger(EstimatedTimeCost));
  }),
  ...refusesGroups('EstimateCheckSimilarPersonCostTime', ({ older }, GroupIds) =>
    older.EstimateCheckSimilarPersonCostTime({ GroupIds }),
  ),

  happy('CheckSimilarPerson', 'finds who is there twice', async (world) => {
    const { result } = await checked(world);
    assert.equal(result.Progress, 100);
  }),
  refuses('CheckSimilarPerson', 'InvalidParameterValue.UniquePersonControlIllegal', '3', ({ older }) =>
    older.CheckSimilarPerson({ GroupIds: [STAFF], UniquePersonControl: 3 }),
  ),
  ...refusesGroups('CheckSimilarPerson', ({ older }, GroupIds) =>
    older.CheckSimilarPerson({ GroupIds, UniquePersonControl: 2 }),
  ),

  {
    action: 'CheckSimilarPerson',
    kind: 'errors',
    title:
      'FailedOperation.CheckDuplicatePersonTaskNotFinished: the same groups, before the first check ended',
    run: async (world) => {
      await checked(world);
      const ask = () => codeOf(world.older.CheckSimilarPerson({ GroupIds: [TWINS], UniquePersonControl: 2 }));
      const codes = new Set<string>();
      // A check of three faces is over soon: it may happen that none of the others comes before.
      for (let rounds = 0; !codes.has(UNFINISHED) && rounds < 50; rounds++) {
        for (const code of await Promise.all(Array.from({ length: 8 }, ask))) {
          codes.add(code);
        }
      }
      assert.deepEqual([...codes].sort(), [UNFINISHED, 'no error']);
    },
  },

  happy('GetSimilarPersonResult', 'a link to the pairs', async (world) => {
    const { result } = await checked(world);
    const pairs = (await (await fetch(present(result.SimilarPersonsUrl))).json()) as Pair[];
    assert.equal(pairs.length, 1);
    const [first, second] = present(pairs[0]).Persons;
    assert.deepEqual([first?.PersonId, second?.PersonId].sort(), ['twin-1', 'twin-2']);
    assert.equal(first?.GroupIds.join(), TWINS);
    assert.ok(present(pairs[0]).Score > 90);
    const forged = await fetch(`${present(result.SimilarPersonsUrl)}x`);
    assert.equal(forged.status, 404);
  }),
  refuses('GetSimilarPersonResult', 'FailedOperation.JobIdNotExist', 'no such job', ({ older }) =>
    older.GetSimilarPersonResult({ JobId: NOBODY }),
  ),
  refuses('GetSimilarPersonResult', 'MissingParameter.ErrorParameterEmpty', 'no id', ({ older }) =>
    older.GetSimilarPersonResult({ JobId: '' }),
  ),

  happy('GetCheckSimilarPersonJobIdList', 'newest first', async (world) => {
    const { id } = await checked(world);
    const { JobIdInfos, JobIdNum } = await world.older.GetCheckSimilarPersonJobIdList({ Limit: 1 });
    assert.deepEqual(
      JobIdInfos?.map(({ JobId, JobStatus }) => [JobId, JobStatus]),
      [[id, 0]],
    );
    assert.ok(present(JobIdNum) >= 1);
  }),
  defaults('GetCheckSimilarPersonJobIdList', 'the first ten', async ({ older }) => {
    const { JobIdInfos } = await older.GetCheckSimilarPersonJobIdList({});
    assert.ok(present(JobIdInfos).length <= 10);
  }),
  refuses(
    'GetCheckSimilarPersonJobIdList',
    'InvalidParameterValue.LimitExceed',
    '1001',
    ({ older }) => older.GetCheckSimilarPersonJobIdList({ Limit: 1001 }),
    'limits',
  ),
  refuses(
    'GetCheckSimilarPersonJobIdList',
    'InvalidParameterValue.OffsetExceed',
    'beyond the end',
    ({ older }) => older.GetCheckSimilarPersonJobIdList({ Offset: 5_000 }),
  ),
];

function refusesGroups(action: string, ask: (world: World, ids: string[]) => Promise<unknown>): Case[] {
  return [
    refuses(
      action,
      'InvalidParameterValue.GroupIdsExceed',
      '11 groups',
      (world) => ask(world, ELEVEN),
      'limits',
    ),
    refuses(action, 'InvalidParameterValue.GroupIdNotExist', 'no such group', (world) =>
      ask(world, [NOBODY]),
    ),
    refuses(action, 'MissingParameter.ErrorParameterEmpty', 'no groups', (world) => ask(world, [])),
  ];
}
