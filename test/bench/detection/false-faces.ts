import { readFile } from 'node:fs/promises';
import { decodePhoto, type FaceDetector } from '@mien/vision';
import sharp from 'sharp';
import type { BenchmarkContext } from '../harness';
import { ALL_FACES, longerSide, overlap, PHOTO_LIMITS, type PortraitFace } from './faces';
import { picturesWithoutPeople } from './no-people';
import { randomNumbers, shuffled } from './random';
import { surroundings } from './surroundings';

/** Side of a tight crop over its face's longer side: little is left of the people beside it. */
const TIGHT = 1.2;
const TIGHT_CROPS = 800;

export interface FalseFaceFigures {
  readonly tightCrops: number;
  readonly tightFound: number;
  readonly tightFalse: number;
  readonly peoplelessPictures: number;
  readonly peoplelessFalse: number;
}

/** Boxes where no face is: beside the face of tight crops, and in pictures that show no face. */
export async function measureFalseFaces(
  detector: FaceDetector,
  faces: readonly PortraitFace[],
  context: BenchmarkContext,
): Promise<FalseFaceFigures> {
  const tight = await onTightCrops(
    detector,
    shuffled(faces, randomNumbers(7)).slice(0, TIGHT_CROPS),
    context,
  );
  return { ...tight, ...(await withoutPeople(detector, context)) };
}

async function onTightCrops(
  detector: FaceDetector,
  faces: readonly PortraitFace[],
  context: BenchmarkContext,
): Promise<{ tightCrops: number; tightFound: number; tightFalse: number }> {
  let tightFound = 0;
  let tightFalse = 0;
  for (const [index, { path, box }] of faces.entries()) {
    const { width = 0, height = 0 } = await sharp(path).metadata();
    const side = longerSide(box) * TIGHT;
    const left = Math.max(0, Math.round(box.x + box.width / 2 - side / 2));
    const top = Math.max(0, Math.round(box.y + box.height / 2 - side / 2));
    const area = {
      left,
      top,
      width: Math.min(width - left, Math.round(side)),
      height: Math.min(height - top, Math.round(side)),
    };
    const crop = await sharp(await readFile(path))
      .extract(area)
      .png()
      .toBuffer();
    const found = await detector.detect(await decodePhoto(crop, PHOTO_LIMITS), ALL_FACES);
    const truth = { ...box, x: box.x - left, y: box.y - top };
    const hits = found.filter((face) => overlap(face.box, truth) >= 0.4).length;
    tightFound += Math.min(1, hits);
    tightFalse += found.length - Math.min(1, hits);
    if (found.length > 1) {
      context.print(`  beside the face of ${path.split('/').at(-1)}: ${found.length - 1}`);
    }
    context.progress('tight crops', index + 1, faces.length);
  }
  context.print(`tight crops: ${tightFound} of ${faces.length} faces found, ${tightFalse} boxes beside them`);
  return { tightCrops: faces.length, tightFound, tightFalse };
}

async function withoutPeople(
  detector: FaceDetector,
  context: BenchmarkContext,
): Promise<{ peoplelessPictures: number; peoplelessFalse: number }> {
  const scenes = [...(await picturesWithoutPeople()), ...(await surroundings(detector))];
  const falseOf = new Map<string, number>();
  for (const [index, { kind, picture }] of scenes.entries()) {
    const found = await detector.detect(picture, ALL_FACES);
    falseOf.set(kind, (falseOf.get(kind) ?? 0) + found.length);
    context.progress('pictures without people', index + 1, scenes.length);
  }
  const total = [...falseOf.values()].reduce((sum, count) => sum + count, 0);
  const where = [...falseOf].filter(([, count]) => count > 0).map(([kind, count]) => `${kind}: ${count}`);
  context.print(
    `pictures without faces: ${total} found in ${scenes.length} (${where.join(', ') || 'none anywhere'})`,
  );
  return { peoplelessPictures: scenes.length, peoplelessFalse: total };
}
