import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DetectOptions, decodePhoto, type FaceDetector } from '@mien/vision';
import { readPairs } from '../../photos/lfw';
import type { BenchmarkContext } from '../harness';
import { holdsCentre, nearestToCentre } from '../lfw/central-face';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** An LFW photo and the box of the face that it is of. */
export interface PortraitFace {
  readonly path: string;
  readonly box: Box;
}

export const PHOTO_LIMITS = { maxBytes: 64e6, maxSide: 8_000, minSide: 1, maxPixels: 64e6 };
export const ALL_FACES: DetectOptions = { minFaceSize: 20, maxFaces: 120, rotationSearch: false };

/**
 * The photos of pairsDevTest with their central faces' boxes, as the detector sees them at full size: smaller copies
 * are measured against these. LFW's alignment says that the face is there; photos without one are counted.
 */
export async function testFaces(
  folder: string,
  detector: FaceDetector,
  context: BenchmarkContext,
): Promise<{ faces: PortraitFace[]; photos: number }> {
  const paths = [...new Set(readPairs(folder, 'pairsDevTest').flatMap(({ a, b }) => [a, b]))].sort();
  const faces: PortraitFace[] = [];
  for (const [index, path] of paths.entries()) {
    const photo = await decodePhoto(await readFile(join(folder, path)), PHOTO_LIMITS);
    const found = await detector.detect(photo, ALL_FACES);
    const central = nearestToCentre(found, ({ box }) => box);
    if (central && holdsCentre(central.box)) {
      faces.push({ path: join(folder, path), box: central.box });
    }
    context.progress('portraits', index + 1, paths.length);
  }
  return { faces, photos: paths.length };
}

export function longerSide(box: Box): number {
  return Math.max(box.width, box.height);
}

/** Shared area over joint area. */
export function overlap(a: Box, b: Box): number {
  const width = Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x));
  const height = Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y));
  return (width * height) / (a.width * a.height + b.width * b.height - width * height);
}
