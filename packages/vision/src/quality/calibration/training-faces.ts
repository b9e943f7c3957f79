import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultManifestPath, loadPack } from '@mien/models';
import sharp from 'sharp';
import { FaceDetector } from '../../detection/face-detector';
import { centralFace } from '../../embedding/template-pipeline';
import { contextCrop } from '../../image/crop';
import { type RgbImage, rgbImage } from '../../image/rgb-image';
import { LandmarkLocator } from '../../landmarks/locator';
import type { Mesh } from '../../landmarks/mesh';
import { type FaceRaster, faceRaster } from '../face-raster';

/** A face to learn from. */
export interface TrainingFace {
  readonly raster: FaceRaster;
  /** In pixels of the picture that the raster was drawn from. */
  readonly mesh: Mesh;
}

const DETECTION = { minFaceSize: 40, maxFaces: 10, rotationSearch: false };

/** Faces that the mesh model is less sure of are left out. */
const BELIEVED = 0.9;

/**
 * The central face of `count` photos of LFW's View 1, spread over the people of its training list; those of its test
 * list are kept for measuring.
 */
export async function trainingFaces(folder: string, count: number): Promise<TrainingFace[]> {
  const pack = loadPack(defaultManifestPath());
  const detector = await FaceDetector.open(pack, { threads: 1 });
  const locator = await LandmarkLocator.open(pack, { threads: 1 });
  const photos = trainingPhotos(folder);
  const faces: TrainingFace[] = [];
  for (let index = 0; index < count; index++) {
    const file = photos[Math.floor((index * photos.length) / count)];
    if (file === undefined) continue;
    const photo = await readPhoto(file);
    const [face] = centralFace(await detector.detect(photo, DETECTION), photo);
    if (!face) continue;
    const { image, left, top, scale } = contextCrop(photo, face.box);
    const { x, y, width, height } = face.box;
    const box = { x: (x - left) * scale, y: (y - top) * scale, width: width * scale, height: height * scale };
    const [found] = await locator.locate([{ picture: image, box, rotation: face.rotation }]);
    if (!found || found.presence < BELIEVED) continue;
    faces.push({ raster: faceRaster(image, found.mesh), mesh: found.mesh });
  }
  await Promise.all([detector.close(), locator.close()]);
  return faces;
}

function trainingPhotos(folder: string): string[] {
  const people = new Set(
    readFileSync(join(folder, 'pairsDevTrain.txt'), 'utf8')
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
