import type { Case } from './case';
import { ONE_MODEL, TWO_MODELS } from './cases/all';
import { enrolPeople } from './cases/enrolled';
import { coverageTable } from './coverage-table';
import { openWorld, type World } from './world';

const passed = new Set<Case>();

afterAll(() => {
  process.stdout.write(`\n${coverageTable([...ONE_MODEL, ...TWO_MODELS], passed)}\n`);
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

  runAll(TWO_MODELS, () => world);
});

function runAll(cases: readonly Case[], world: () => World): void {
  for (const one of cases) {
    it(`${one.action} (${one.kind}): ${one.title}`, async () => {
      await one.run(world());
      passed.add(one);
    });
  }
}
