import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { decodePhoto, type FaceDetector } from '@mien/vision';
import { packagedPhotos } from '../../photos/packaged';
import type { BenchmarkContext } from '../harness';
import { ALL_FACES, PHOTO_LIMITS } from './faces';

/** Faces found in each of the packaged group photos, against the people in it. */
export async function measurePackaged(
  detector: FaceDetector,
  context: BenchmarkContext,
): Promise<{ found: number[]; exact: boolean }> {
  const photos = packagedPhotos();
  const found: number[] = [];
  for (const { path, people } of photos) {
    const faces = await detector.detect(await decodePhoto(await readFile(path), PHOTO_LIMITS), ALL_FACES);
    found.push(faces.length);
    context.print(`${basename(path)}: ${faces.length} faces, ${people} people`);
  }
  return { found, exact: photos.every(({ people }, index) => people === found[index]) };
}
