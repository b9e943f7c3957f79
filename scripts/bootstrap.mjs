// Entry of `npm run demo`, `npm test` and `npm run bench`: needs nothing but Node and npm, and brings the rest.
import { installDependencies } from './bootstrap/dependencies.mjs';
import { prepareModels } from './bootstrap/models.mjs';
import { provideNatsServer } from './bootstrap/nats-server.mjs';
import { checkNode } from './bootstrap/node-version.mjs';
import { providePnpm } from './bootstrap/pnpm.mjs';
import { reportFailure } from './bootstrap/step.mjs';
import { TASKS } from './bootstrap/tasks.mjs';
import { buildWorkspace } from './bootstrap/workspace-build.mjs';

const [taskName = 'setup', ...args] = process.argv.slice(2);

try {
  const task = TASKS[taskName];
  if (task === undefined) {
    throw new Error(`unknown task "${taskName}"; there are: ${Object.keys(TASKS).join(', ')}`);
  }
  checkNode();
  const pnpm = await providePnpm();
  await installDependencies(pnpm);
  await buildWorkspace(pnpm);
  await prepareModels();
  const natsServer = await provideNatsServer();
  process.exitCode = await task({ pnpm, natsServer, args });
} catch (error) {
  reportFailure(error);
  process.exitCode = 1;
}
