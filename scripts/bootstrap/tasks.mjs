import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { provideChartTools } from './chart-tools.mjs';
import { cache, root } from './paths.mjs';
import { providePostgresql } from './postgresql.mjs';
import { provideS3Server } from './s3-server.mjs';
import { attach } from './step.mjs';

/** What can be done once everything is in place. Each task returns the exit code. */
export const TASKS = {
  setup: async () => 0,
  demo: ({ natsServer }) => node([join(root, 'scripts', 'demo.mjs')], natsServer),
  test: ({ natsServer, args }) => test(natsServer, args),
  bench: ({ natsServer, args }) =>
    node([join(root, 'test', 'dist', 'bench', 'main.js'), ...args], natsServer),
  check,
};

function node(args, natsServer) {
  return attach(process.execPath, args, { cwd: root, env: { MIEN_NATS_SERVER: natsServer } });
}

async function test(natsServer, args) {
  await providePostgresql();
  await provideS3Server();
  await provideChartTools();
  const results = join(cache, 'test-results.json');
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const code = await node([jest, '--maxWorkers=2', '--json', `--outputFile=${results}`, ...args], natsServer);
  const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } = JSON.parse(
    readFileSync(results, 'utf8'),
  );
  console.log(
    `${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed, ${numPendingTests} skipped`,
  );
  return code;
}

/** Everything that is checked without running the platform. Types were checked by the build. */
async function check({ pnpm }) {
  const commands = [
    ['exec', 'biome', 'check', '.'],
    ['exec', 'knip'],
    ['--filter', '@mien/proto', 'run', 'check'],
  ];
  for (const command of commands) {
    const code = await attach(pnpm.command, [...pnpm.args, ...command], { cwd: root });
    if (code !== 0) {
      return code;
    }
  }
  // Only now: it stands on a package that the set-up has just installed.
  const { auditDependencies } = await import('./audit.mjs');
  return await auditDependencies(pnpm);
}
