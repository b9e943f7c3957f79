import type { Case } from './case';
import { ANALYSIS } from './cases/analysis';
import { COMPARISON } from './cases/comparison';
import { coverageTable } from './run-cases';
import { openWorld, type World } from './world';

const CASES: readonly Case[] = [...ANALYSIS, ...COMPARISON];

describe('the actions, asked by the official clients', () => {
  const passed = new Set<Case>();
  let world: World;

  beforeAll(async () => {
    world = await openWorld('tencent');
  });
  afterAll(async () => {
    await world?.stop();
    process.stdout.write(`\n${coverageTable(CASES, passed)}\n`);
  });

  for (const one of CASES) {
    it(`${one.action} (${one.kind}): ${one.title}`, async () => {
      await one.run(world);
      passed.add(one);
    });
  }
});
