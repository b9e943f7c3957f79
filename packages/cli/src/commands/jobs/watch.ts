import type { SubmittedJob } from '@mien/sdk';
import type { Command } from 'commander';
import { submittedJobTable } from '../../output/submitted-job-table';
import { type AnswerOptions, withAnswer, withClient } from '../connection';
import { Conclusion } from './conclusion';
import { followJobs } from './follow';
import { onInterrupt } from './interruption';

export function addWatch(jobs: Command): void {
  withAnswer(
    jobs
      .command('watch')
      .description('follow jobs to their ends, with a bar of the progress')
      .argument('<ids...>')
      .addHelpText(
        'after',
        '\nWith --json a line for each change. Leaves with 1 when anything was refused or not done.',
      ),
  ).action(watch);
}

async function watch(ids: readonly string[], options: AnswerOptions): Promise<void> {
  const { json } = options;
  await withClient(options, async ({ jobs: client }) => {
    const jobs = await Promise.all(ids.map((id) => client.get(id)));
    const conclusion = new Conclusion(client);
    const ended: SubmittedJob[] = [];
    const stop = onInterrupt(() => 'Interrupted. The jobs go on.');
    await followJobs(jobs, client, {
      changed: (job) => {
        if (json) {
          console.log(JSON.stringify(job));
        }
      },
      ended: async (job) => {
        ended.push(job);
        await conclusion.ended(job);
      },
    });
    stop();
    if (!json) {
      console.log(submittedJobTable(ended));
    }
    conclusion.conclude(json ? console.error : console.log);
  });
}
