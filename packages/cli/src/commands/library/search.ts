import { readFile } from 'node:fs/promises';
import { Matching } from '@mien/sdk';
import type { Command } from 'commander';
import { commaSeparated, score, wholeNumber } from '../../input/arguments';
import { qualityOption } from '../../input/choices';
import { candidateTable, recognisedFaces } from '../../output/candidate-table';
import { drawFaces } from '../../output/drawing';
import { type AnswerOptions, withAnswer, withClient } from '../connection';

interface SearchOptions extends AnswerOptions {
  readonly groups: readonly string[];
  readonly top?: number;
  readonly faces?: number;
  readonly fused?: true;
  readonly perGroup?: true;
  readonly minScore?: number;
  readonly qualityControl: string;
  readonly draw?: string;
  readonly source?: string;
}

export function addSearch(program: Command): void {
  const command = program
    .command('search')
    .description('who of some groups the largest faces of a photo are')
    .argument('<photo>')
    .requiredOption('--groups <a,b>', '1 to 100 groups', commaSeparated)
    .option('--top <n>', 'candidates for each face, 1..100; 5 unless given', wholeNumber)
    .option('--faces <n>', 'faces to look at, the largest, 1..10; 1 unless given', wholeNumber)
    .option('--fused', "compare with all of a person's faces as one instead of the best of them")
    .option('--per-group', 'candidates for each group on its own')
    .option('--min-score <score>', 'leave candidates below out, 0..100', score)
    .addOption(qualityOption())
    .option(
      '--source <name>',
      'where the photo comes from, a camera say: rules are checked against the answer',
    )
    .option(
      '--draw <file>',
      'draw who each face is into a copy; orange, with a question mark, below score 60',
    );
  withAnswer(command).action(search);
}

async function search(photo: string, options: SearchOptions): Promise<void> {
  const { groups, top, faces, minScore, draw, source } = options;
  const response = await withClient(options, ({ library }) =>
    library.search(photo, groups, {
      ...(top === undefined ? {} : { maxCandidates: top }),
      ...(faces === undefined ? {} : { maxFaces: faces }),
      ...(minScore === undefined ? {} : { minimumScore: minScore }),
      ...(source === undefined ? {} : { source }),
      matching: options.fused ? Matching.MATCHING_FUSED : Matching.MATCHING_BEST_FACE,
      perGroup: options.perGroup ?? false,
      withPersons: true,
      qualityControl: Number(options.qualityControl),
    }),
  );
  if (options.json) {
    console.log(JSON.stringify({ photo, ...response }));
  } else {
    console.log(`${photo}  ${response.searchedFaces} faces searched`);
    console.log(candidateTable(response.results));
  }
  if (draw !== undefined) {
    await drawFaces(await readFile(photo), recognisedFaces(response.results), draw);
    console.error(`drawn: ${draw}`);
  }
}
