import { CompareResponse, Similarity } from '@mien/proto';
import { FaceSelection, MaskedComparison } from '@mien/sdk';
import { type Command, Option } from 'commander';
import { type ConnectionOptions, withClient, withConnection } from './connection';

interface CompareOptions extends ConnectionOptions {
  readonly json?: true;
  readonly mostConfident?: true;
  readonly sole?: true;
  readonly qualityControl: string;
  readonly masked: MaskedMode;
}

type MaskedMode = keyof typeof MASKED;

const MASKED = {
  off: MaskedComparison.MASKED_COMPARISON_OFF,
  auto: MaskedComparison.MASKED_COMPARISON_AUTO,
  on: MaskedComparison.MASKED_COMPARISON_ON,
} as const;

/** Scores that stand for known false-accept rates, highest first. */
const MEANINGS = [
  { score: 60, meaning: 'the same person (1 of 100,000 pairs of strangers scores as high)' },
  { score: 50, meaning: 'the same person (1 of 10,000 pairs of strangers scores as high)' },
  { score: 40, meaning: 'probably the same person (1 of 1,000 pairs of strangers scores as high)' },
  { score: -1, meaning: 'different persons' },
] as const;

export function addCompare(program: Command): void {
  const command = program
    .command('compare')
    .description('whether two photos show the same person')
    .argument('<a>', 'a photo')
    .argument('<b>', 'another photo')
    .option('--json', 'print JSON')
    .option('--most-confident', 'take the most confident face of each photo instead of the largest')
    .addOption(new Option('--sole', 'refuse photos that show more than one face').conflicts('mostConfident'))
    .option('--quality-control <level>', '0 none .. 4 very high', '0')
    .addOption(
      new Option(
        '--masked [mode]',
        'compare only what a mask leaves free: where somebody wears one, or always',
      )
        .choices(Object.keys(MASKED))
        .preset('auto')
        .default('off'),
    );
  withConnection(command).action((a: string, b: string, options: CompareOptions) => compare(a, b, options));
}

async function compare(a: string, b: string, options: CompareOptions): Promise<void> {
  const response = await withClient(options, (client) =>
    client.compare(a, b, {
      selection: selectionOf(options),
      qualityControl: Number(options.qualityControl),
      masked: MASKED[options.masked],
    }),
  );
  if (options.json) {
    console.log(JSON.stringify(CompareResponse.toJSON(response)));
    return;
  }
  const { score, cosine, upperFaceOnly } = response.similarity ?? Similarity.fromPartial({});
  const verdict = MEANINGS.find((level) => score >= level.score)?.meaning ?? '';
  console.log(`score ${score.toFixed(1)} of 100 (cosine ${cosine.toFixed(3)}): ${verdict}`);
  if (upperFaceOnly) {
    console.log('compared by what masks leave free');
  }
}

function selectionOf({ mostConfident, sole }: CompareOptions): FaceSelection {
  if (sole) {
    return FaceSelection.FACE_SELECTION_SOLE;
  }
  return mostConfident ? FaceSelection.FACE_SELECTION_MOST_CONFIDENT : FaceSelection.FACE_SELECTION_LARGEST;
}
