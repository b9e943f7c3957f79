import { readFile } from 'node:fs/promises';
import { DetectResponse, type FaceFeatures } from '@mien/proto';
import { type MienClient, Priority } from '@mien/sdk';
import type { Command } from 'commander';
import { photoFiles } from '../input/photo-files';
import { drawFaces } from '../output/drawing';
import { detectedFaces } from '../output/face-overlay';
import { faceTable } from '../output/face-table';
import { forEachPhoto } from './batch';
import { type ConnectionOptions, withClient, withConnection } from './connection';
import { CommandError } from './failure';

interface DetectOptions extends ConnectionOptions {
  readonly draw?: string;
  readonly json?: true;
  readonly rotate?: true;
  readonly minFaceSize?: string;
  readonly maxFaces?: string;
  readonly template?: true;
  readonly mesh?: true;
}

export function addDetect(program: Command): void {
  const command = program
    .command('detect')
    .description('find and describe the faces in photos')
    .argument('<photos...>', 'photos, or folders of them')
    .option('--json', 'print one line of JSON per photo instead of tables')
    .option('--draw <file>', 'draw boxes and the 90 points into a copy (one photo only)')
    .option('--rotate', 'also look at the photo turned by 90, 180 and 270 degrees')
    .option('--min-face-size <pixels>', 'smallest face to look for, 20 or more')
    .option('--max-faces <n>', 'only the n largest faces, at most 120')
    .option('--mesh', 'add the 468-point mesh to the JSON')
    .option('--template', 'add the templates to the JSON');
  withConnection(command).action((photos: string[], options: DetectOptions) => detect(photos, options));
}

async function detect(paths: readonly string[], options: DetectOptions): Promise<void> {
  const photos = await photoFiles(paths);
  if (options.draw !== undefined && photos.length !== 1) {
    throw new CommandError('--draw takes exactly one photo');
  }
  await withClient(options, (client) =>
    forEachPhoto(photos, {
      ask: (photo) => ask(client, photo, options, photos.length > 1),
      show: (photo, response) => show(photo, response, options),
    }),
  );
}

function ask(
  client: MienClient,
  photo: string,
  options: DetectOptions,
  many: boolean,
): Promise<DetectResponse> {
  const features: FaceFeatures = {
    landmarks: true,
    quality: true,
    attributes: true,
    liveness: true,
    mesh: options.mesh ?? false,
    template: options.template ?? false,
  };
  return client.detect(photo, {
    features,
    detection: {
      maxFaces: Number(options.maxFaces ?? 0),
      minFaceSize: Number(options.minFaceSize ?? 0),
      rotationSearch: options.rotate ?? false,
    },
    priority: many ? Priority.PRIORITY_BATCH : Priority.PRIORITY_INTERACTIVE,
  });
}

async function show(photo: string, response: DetectResponse, options: DetectOptions): Promise<void> {
  if (options.json) {
    console.log(JSON.stringify({ photo, ...(DetectResponse.toJSON(response) as object) }));
  } else {
    const { faces, imageWidth, imageHeight } = response;
    console.log(
      `${photo}  ${imageWidth}x${imageHeight}  ${faces.length === 1 ? '1 face' : `${faces.length} faces`}`,
    );
    if (faces.length > 0) {
      console.log(faceTable(faces));
    }
  }
  if (options.draw !== undefined) {
    await drawFaces(await readFile(photo), detectedFaces(response.faces), options.draw);
    console.error(`drawn: ${options.draw}`);
  }
}
