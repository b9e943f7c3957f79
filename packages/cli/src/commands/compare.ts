import { CompareResponse } from '@mien/proto';
import { FaceSelection } from '@mien/sdk';
import type { Command } from 'commander';
import { type ConnectionOptions, withClient, withConnection } from './connection';

interface CompareOptions extends ConnectionOptions {
  readonly json?: true;
  readonly mostConfident?: true;
  readonly qualityControl: string;
}

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
    .option('--quality-control <level>', '0 none .. 4 very high', '0');
  withConnection(command).action((a: string, b: string, options: CompareOptions) => compare(a, b, options));
}

async function compare(a: string, b: string, options: CompareOptions): Promise<void> {
  const response = await withClient(options, (client) =>
    client.compare(a, b, {
      selection: options.mostConfident
        ? FaceSelection.FACE_SELECTION_MOST_CONFIDENT
        : FaceSelection.FACE_SELECTION_LARGEST,
      qualityControl: Number(options.qualityControl),
    }),
  );
  if (options.json) {
    console.log(JSON.stringify(CompareResponse.toJSON(response)));
    return;
  }
  const { score, cosine } = response.similarity ?? { score: 0, cosine: 0 };
  const verdict = MEANINGS.find((level) => score >= level.score)?.meaning ?? '';
  console.log(`score ${score.toFixed(1)} of 100 (cosine ${cosine.toFixed(3)}): ${verdict}`);
}
