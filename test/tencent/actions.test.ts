import type { Case } from './case';
import { ANALYSIS } from './cases/analysis';
import { COMPARISON } from './cases/comparison';
import { enrolPeople } from './cases/enrolled';
import { LIBRARY } from './cases/library';
import { RECOGNITION } from './cases/recognition';
import { SIMILAR_PERSONS } from './cases/similar-persons';
import { UPGRADES } from './cases/upgrades';
import { coverageTable } from './coverage-table';
import { openWorld, type World } from './world';

const ONE_MODEL: readonly Case[] = [
  ...ANALYSIS,
  ...COMPARISON,
  ...LIBRARY,
  ...RECOGNITION,
  ...SIMILAR_PERSONS,
];
const passed = new Set<Case>();

afterAll(() => {
  process.stdout.write(`\n${coverageTable([...ONE_MODEL, ...UPGRADES], passed)}\n`);
});

describe('the actions, asked by the official clients', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld('tencent');
    await enrolPeople(world);
  });
  afterAll(() => world?.stop());

  runAll(ONE_MODEL, () => world);
});

describe('upgrades, asked by the official clients', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld('tencent-upgrades', { secondModel: true });
  });
  afterAll(() => world?.stop());

  runAll(UPGRADES, () => world);
});

function runAll(cases: readonly Case[], world: () => World): void {
  for (const one of cases) {
    it(`${one.action} (${one.kind}): ${one.title}`, async () => {
      await one.run(world());
      passed.add(one);
    });
  }
}
