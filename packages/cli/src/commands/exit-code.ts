import type { Command } from 'commander';
import { describeFailure } from './failure';

/** Leaves with this when there was no answer. */
const NO_ANSWER = 2;

/**
 * For commands whose exit code is an answer, 0 or 1, as that of `grep`: everything that keeps them from an answer, a
 * wrong argument too, leaves with 2.
 */
export function answersByExitCode<Args extends unknown[]>(
  command: Command,
  answer: (...args: Args) => Promise<boolean>,
): void {
  command
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : NO_ANSWER))
    .action(async (...args: Args) => {
      try {
        process.exitCode = (await answer(...args)) ? 0 : 1;
      } catch (error) {
        console.error(describeFailure(error));
        process.exitCode = NO_ANSWER;
      }
    });
}
