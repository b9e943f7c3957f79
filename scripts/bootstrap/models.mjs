import { join } from 'node:path';
import { cache, root } from './paths.mjs';
import { capture, step } from './step.mjs';

/** Converts and verifies the default model pack; does nothing when it is there and intact. */
export async function prepareModels() {
  await step('models', async () => {
    await capture(
      process.execPath,
      [join(root, 'models', 'dist', 'prepare', 'main.js'), '--out', join(cache, 'models', 'default')],
      {
        advice:
          'Delete the folder .mien/models and try again; if it fails again, reinstall the dependencies.',
      },
    );
  });
}
