import { join } from 'node:path';
import { root } from './paths.mjs';
import { capture, step } from './step.mjs';

/** Brings a PostgreSQL server for the tests where that can be done; where not, they say that they were skipped. */
export async function providePostgresql() {
  await step('postgresql', async () => {
    const script = join(root, 'packages', 'people', 'scripts', 'install-postgresql.sh');
    return capture('sh', [script]).then(
      () => undefined,
      () => 'not available, its tests are skipped',
    );
  });
}
