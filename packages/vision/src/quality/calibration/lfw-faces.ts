import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultManifestPath, loadPack } from '@mien/models';
import sharp from 'sharp';
import { FaceDetector } from '../../detection/face-detector';
import { centralFace } from '../../embedding/face-aligner';
import { contextCrop } from '../../image/crop';
import { type RgbImage, rgbImage } from '../../image/rgb-image';
import { LandmarkLocator, type LocateInput } from '../../landmarks/locator';
import type { Mesh } from '../../landmarks/mesh';

/** A face to learn from or to measure on. */
export interface LfwFace {
  /** As the line cuts it. */
  readonly input: LocateInput;
  /** In pixels of the input's picture. */
  readonly mesh: Mesh;
}

const DETECTION = { minFaceSize: 40, maxFaces: 10, rotationSearch: false };

/** Faces that the mesh model is less sure of are left out. */
const BELIEVED = 0.9;

/** The lists of LFW's View 1: one to learn from, one to measure on. */
export type PeopleList = 'pairsDevTrain.txt' | 'pairsDevTest.txt';

/** The central face of `count` photos of LFW's View 1, spread over the people of one of its lists. */
export async function lfwFaces(folder: string, list: PeopleList, count: number): Promise<LfwFace[]> {
  const pack = loadPack(defaultManifestPath());
  const detector = await FaceDetector.open(pack, { threads: 1 });
  const locator = await LandmarkLocator.open(pack, { threads: 1 });
  const photos = photosOf(folder, list);
  const faces: LfwFace[] = [];
  for (let index = 0; index < count; index++) {
    const file = photos[Math.floor((index * photos.length) / count)];
    if (file === undefined) continue;
    const photo = await readPhoto(file);
    const [face] = centralFace(await detector.detect(photo, DETECTION), photo);
    if (!face) continue;
    const { image, left, top, scale } = contextCrop(photo, face.box);
    const { x, y, width, height } = face.box;
    const box = { x: (x - left) * scale, y: (y - top) * scale, width: width * scale, height: height * scale };
    const input = { picture: image, box, rotation: face.rotation };
    const [found] = await locator.locate([input]);
    if (!found || found.presence < BELIEVED) continue;
    faces.push({ input, mesh: found.mesh });
  }
  await Promise.all([detector.close(), locator.close()]);
  return faces;
}

function photosOf(folder: string, list: PeopleList): string[] {
  const people = new Set(
    readFileSync(join(folder, list), 'utf8')
      .split('\n')
      .flatMap((line) =>
        line
          .trim()
          .split(/\s+/)
          .filter((word) => /[A-Za-z]/.test(word)),
      ),
  );
  return readdirSync(join(folder, 'images'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.jpg') && people.has(personOf(file)))
    .sort()
    .map((file) => join(folder, 'images', file));
}

/** Files are named Person_Name_0001.jpg. */
function personOf(file: string): string {
  return (file.split(/[\\/]/).pop() ?? '').replace(/_\d+\.jpg$/, '');
}

async function readPhoto(file: string): Promise<RgbImage> {
  const { data, info } = await sharp(file)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return rgbImage(data, info.width, info.height);
}
