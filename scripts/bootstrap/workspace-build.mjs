import { root } from './paths.mjs';
import { capture, step } from './step.mjs';

/** Builds every package; turbo skips those whose inputs did not change. */
export async function buildWorkspace(pnpm) {
  await step('build', async () => {
    await capture(
      pnpm.command,
      [...pnpm.args, 'exec', 'turbo', 'run', 'build', '--output-logs=errors-only'],
      {
        cwd: root,
        env: { TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' },
        advice:
          "The lines above are the compiler's. In a fresh clone this should not happen: please report it.",
      },
    );
  });
}
