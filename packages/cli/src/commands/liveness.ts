import { CheckLivenessResponse } from '@mien/proto';
import type { Command } from 'commander';
import { photoFiles } from '../input/photo-files';
import { forEachPhoto } from './batch';
import { type ConnectionOptions, withClient, withConnection } from './connection';

interface LivenessOptions extends ConnectionOptions {
  readonly json?: true;
  readonly threshold?: string;
  readonly source?: string;
}

export function addLiveness(program: Command): void {
  const command = program
    .command('liveness')
    .description('whether the largest face of a photo is a live person')
    .argument('<photos...>', 'photos, or folders of them')
    .option('--json', 'print one line of JSON per photo')
    .option('--threshold <score>', "0..100, instead of the model's own")
    .option('--source <name>', 'where the photos come from, a camera say: told as events where not live');
  withConnection(command).action((photos: string[], options: LivenessOptions) =>
    checkLiveness(photos, options),
  );
}

async function checkLiveness(paths: readonly string[], options: LivenessOptions): Promise<void> {
  const { threshold, source } = options;
  const settings = {
    ...(threshold === undefined ? {} : { threshold: Number(threshold) }),
    ...(source === undefined ? {} : { source }),
  };
  const photos = await photoFiles(paths);
  await withClient(options, (client) =>
    forEachPhoto(photos, {
      ask: (photo) => client.checkLiveness(photo, settings),
      show: async (photo, response) =>
        console.log(options.json ? toJson(photo, response) : toLine(photo, response)),
    }),
  );
}

function toJson(photo: string, response: CheckLivenessResponse): string {
  return JSON.stringify({ photo, ...(CheckLivenessResponse.toJSON(response) as object) });
}

function toLine(photo: string, { face }: CheckLivenessResponse): string {
  const { live, score, threshold } = face?.liveness ?? { live: false, score: 0, threshold: 0 };
  return `${photo}: ${live ? 'live' : 'not live'}, score ${score.toFixed(1)}, threshold ${threshold}`;
}
