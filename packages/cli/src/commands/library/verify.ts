import { Matching } from '@mien/sdk';
import type { Command } from 'commander';
import { score } from '../../input/arguments';
import { qualityOption } from '../../input/choices';
import { type AnswerOptions, withAnswer, withClient } from '../connection';
import { answersByExitCode } from '../exit-code';

interface VerifyOptions extends AnswerOptions {
  readonly threshold?: number;
  readonly fused?: true;
  readonly qualityControl: string;
}

export function addVerify(program: Command): void {
  const command = program
    .command('verify')
    .description('whether the largest face of a photo is that of a person')
    .argument('<person>', 'id of an enrolled person')
    .argument('<photo>')
    .option('--threshold <score>', 'from which it is the person; 60 unless given', score)
    .option('--fused', "compare with all of the person's faces as one instead of the best of them")
    .addOption(qualityOption())
    .addHelpText(
      'after',
      '\nLeaves with 0 when it is the person, with 1 when not, with 2 when it could not tell.',
    );
  answersByExitCode(withAnswer(command), verify);
}

async function verify(personId: string, photo: string, options: VerifyOptions): Promise<boolean> {
  const { threshold, fused, qualityControl } = options;
  const answer = await withClient(options, ({ library }) =>
    library.verifyPerson(personId, photo, {
      ...(threshold === undefined ? {} : { threshold }),
      matching: fused ? Matching.MATCHING_FUSED : Matching.MATCHING_BEST_FACE,
      qualityControl: Number(qualityControl),
    }),
  );
  const { matched, score: reached, threshold: needed } = answer;
  console.log(
    options.json
      ? JSON.stringify({ personId, photo, ...answer })
      : `${matched ? personId : `not ${personId}`}: score ${reached.toFixed(1)}, threshold ${needed}`,
  );
  return matched;
}
