import type { Case } from '../../tencent/case';
import { ONE_MODEL, TWO_MODELS } from '../../tencent/cases/all';
import { enrolPeople } from '../../tencent/cases/enrolled';
import { coverageTable } from '../../tencent/coverage-table';
import { openWorld, type World } from '../../tencent/world';
import type { BenchmarkContext } from '../harness';

/** Runs every case of every action with the official clients and prints how they went, as a table. */
export async function runCases({ print, progress }: BenchmarkContext) {
  const passed = new Set<Case>();
  const all = [...ONE_MODEL, ...TWO_MODELS];
  const run = async (cases: readonly Case[], world: World) => {
    for (const one of cases) {
      try {
        await one.run(world);
        passed.add(one);
      } catch (error) {
        print(`failed: ${one.action} (${one.kind}), ${one.title}: ${String(error)}`);
      }
      progress('cases', passed.size, all.length);
    }
  };
  const first = await openWorld('tencent-bench');
  await enrolPeople(first);
  await run(ONE_MODEL, first);
  await first.stop();
  const second = await openWorld('tencent-bench-models', { secondModel: true });
  await run(TWO_MODELS, second);
  await second.stop();
  print(coverageTable(all, passed));
  return { passed: passed.size, all: all.length };
}
