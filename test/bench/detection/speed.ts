import { readFile } from 'node:fs/promises';
import { decodePhoto, type FaceDetector } from '@mien/vision';
import sharp from 'sharp';
import { packagedPhotos } from '../../photos/packaged';
import type { BenchmarkContext } from '../harness';
import { rounded } from '../statistics';
import { ALL_FACES, PHOTO_LIMITS } from './faces';

const LONGER_SIDES = [640, 1280, 4000] as const;
const ROUNDS = { 640: 4, 1280: 2, 4000: 1 } as const;

export interface SpeedFigure {
  readonly longerSide: number;
  readonly photosPerSecond: number;
  /** Of a photo's time, the part that decoding takes, in milliseconds. */
  readonly decodeMs: number;
  readonly detectMs: number;
}

/** Decoding and detecting the packaged photos at several sizes, every face from 20 pixels up, one after the other. */
export async function measureSpeed(
  detector: FaceDetector,
  context: BenchmarkContext,
): Promise<SpeedFigure[]> {
  const figures: SpeedFigure[] = [];
  for (const longerSide of LONGER_SIDES) {
    const files = await Promise.all(packagedPhotos().map(({ path }) => jpegOf(path, longerSide)));
    await run(detector, files.slice(0, 1));
    let decodeMs = 0;
    let detectMs = 0;
    for (let round = 0; round < ROUNDS[longerSide]; round++) {
      const times = await run(detector, files);
      decodeMs += times.decodeMs / files.length / ROUNDS[longerSide];
      detectMs += times.detectMs / files.length / ROUNDS[longerSide];
    }
    const photosPerSecond = 1000 / (decodeMs + detectMs);
    context.print(
      `${longerSide} px: ${photosPerSecond.toFixed(2)} photos a second (decoding ${decodeMs.toFixed(1)} ms, ` +
        `detection ${detectMs.toFixed(1)} ms)`,
    );
    figures.push({
      longerSide,
      photosPerSecond: rounded(photosPerSecond, 2),
      decodeMs: rounded(decodeMs, 1),
      detectMs: rounded(detectMs, 1),
    });
  }
  return figures;
}

async function jpegOf(path: string, longerSide: number): Promise<Buffer> {
  const photo = await readFile(path);
  return sharp(photo)
    .resize({ width: longerSide, height: longerSide, fit: 'inside' })
    .jpeg({ quality: 90 })
    .toBuffer();
}

async function run(
  detector: FaceDetector,
  files: readonly Buffer[],
): Promise<{ decodeMs: number; detectMs: number }> {
  let decodeMs = 0;
  let detectMs = 0;
  for (const file of files) {
    const started = performance.now();
    const photo = await decodePhoto(file, PHOTO_LIMITS);
    const decoded = performance.now();
    await detector.detect(photo, ALL_FACES);
    decodeMs += decoded - started;
    detectMs += performance.now() - decoded;
  }
  return { decodeMs, detectMs };
}
