import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { decodePhoto, type FaceDetector } from '@mien/vision';
import { packagedPhotos } from '../../photos/packaged';
import type { BenchmarkContext } from '../harness';
import { ALL_FACES, PHOTO_LIMITS } from './faces';

/** Faces found in each of the packaged group photos, as it stands and with rotation search, against its people. */
export async function measurePackaged(
  detector: FaceDetector,
  context: BenchmarkContext,
): Promise<{ found: number[]; withRotationSearch: number[]; exact: boolean }> {
  const photos = packagedPhotos();
  const found: number[] = [];
  const withRotationSearch: number[] = [];
  for (const { path, people } of photos) {
    const photo = await decodePhoto(await readFile(path), PHOTO_LIMITS);
    const plain = (await detector.detect(photo, ALL_FACES)).length;
    const turned = (await detector.detect(photo, { ...ALL_FACES, rotationSearch: true })).length;
    found.push(plain);
    withRotationSearch.push(turned);
    context.print(`${basename(path)}: ${people} people, ${plain} faces, ${turned} with rotation search`);
  }
  const exact = photos.every(
    ({ people }, index) => people === found[index] && people === withRotationSearch[index],
  );
  return { found, withRotationSearch, exact };
}
