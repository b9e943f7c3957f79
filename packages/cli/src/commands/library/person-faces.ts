import type { AddedFace } from '@mien/proto';
import type { Command } from 'commander';
import { score } from '../../input/arguments';
import { qualityOption } from '../../input/choices';
import { photoFiles } from '../../input/photo-files';
import { type AnswerOptions, withAnswer, withClient } from '../connection';
import { CommandError } from '../failure';

/** What one request may carry in photos of the largest size. */
export const PHOTOS_AT_ONCE = 5;

interface AddOptions extends AnswerOptions {
  readonly minSimilarity?: number;
  readonly qualityControl: string;
}

export function addPersonFaces(person: Command): void {
  withAnswer(
    person
      .command('add-faces')
      .description('enrol further faces of a person, the largest of each photo')
      .argument('<person>')
      .argument('<photos...>', 'photos, or folders of them')
      .option('--min-similarity <score>', 'to the faces that the person has, 60 unless given', score)
      .addOption(qualityOption()),
  ).action(addFaces);
  withAnswer(
    person
      .command('delete-faces')
      .description('remove faces of a person; one has to stay')
      .argument('<person>')
      .argument('<faces...>', 'ids of faces, as `mien person show` tells them'),
  ).action(deleteFaces);
}

async function addFaces(personId: string, paths: readonly string[], options: AddOptions): Promise<void> {
  const { minSimilarity, qualityControl, json } = options;
  const photos = await photoFiles(paths);
  let refused = 0;
  await withClient(options, async ({ library }) => {
    for (let from = 0; from < photos.length; from += PHOTOS_AT_ONCE) {
      const some = photos.slice(from, from + PHOTOS_AT_ONCE);
      const results = await library.addFaces(personId, some, {
        ...(minSimilarity === undefined ? {} : { minimumSimilarity: minSimilarity }),
        qualityControl: Number(qualityControl),
      });
      for (const [index, added] of results.entries()) {
        const photo = some[index] ?? '';
        console.log(json ? toJson(photo, added) : `${photo}: ${resultText(added)}`);
        refused += added.result?.$case === 'face' ? 0 : 1;
      }
    }
  });
  if (refused > 0) {
    throw new CommandError(`${refused} of ${photos.length} photos were refused`);
  }
}

function toJson(photo: string, { result }: AddedFace): string {
  return JSON.stringify({ photo, ...(result === undefined ? {} : { [result.$case]: result.value }) });
}

function resultText({ result }: AddedFace): string {
  if (result?.$case === 'face') {
    return `enrolled as ${result.value.id}`;
  }
  return result === undefined ? 'no result' : `${result.value.reason}: ${result.value.message}`;
}

async function deleteFaces(
  personId: string,
  faceIds: readonly string[],
  options: AnswerOptions,
): Promise<void> {
  const deletedFaceIds = await withClient(options, ({ library }) => library.deleteFaces(personId, faceIds));
  console.log(
    options.json ? JSON.stringify({ personId, deletedFaceIds }) : `deleted: ${deletedFaceIds.join(', ')}`,
  );
}
