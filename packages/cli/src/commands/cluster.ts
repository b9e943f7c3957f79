import type { ClusterPhotosResponse } from '@mien/sdk';
import type { Command } from 'commander';
import { score } from '../input/arguments';
import { photoFiles } from '../input/photo-files';
import { clusterTable } from '../output/cluster-table';
import { type ConnectionOptions, withClient, withConnection } from './connection';
import { CommandError } from './failure';

interface ClusterOptions extends ConnectionOptions {
  readonly minScore?: number;
  readonly json?: true;
}

export function addCluster(program: Command): void {
  const command = program
    .command('cluster')
    .description('sort the faces of up to 1000 photos by person')
    .argument('<photos...>', 'photos, or folders of them')
    .option('--min-score <score>', 'likeness from which faces are one person, 0..100; 50 unless given', score)
    .option('--json', 'print one line of JSON instead of a table');
  withConnection(command).action(cluster);
}

async function cluster(paths: readonly string[], options: ClusterOptions): Promise<void> {
  const photos = await photoFiles(paths);
  const album = photos.map((photo) => ({ name: photo, photo }));
  const { minScore } = options;
  const response = await withClient(options, (client) =>
    client.clusterPhotos(album, minScore === undefined ? {} : { minimumScore: minScore }),
  );
  show(response, options);
  const { length } = response.refused;
  if (length > 0) {
    throw new CommandError(`${length} of ${photos.length} photos failed`);
  }
}

function show(response: ClusterPhotosResponse, { json }: ClusterOptions): void {
  if (json) {
    console.log(JSON.stringify(response));
    return;
  }
  console.log(clusterTable(response));
  for (const { photo, refusal } of response.refused) {
    console.error(`${photo}: ${refusal?.reason}: ${refusal?.message}`);
  }
}
