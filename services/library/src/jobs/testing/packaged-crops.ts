import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defaultManifestPath, loadPack } from '@mien/models';
import {
  alignFace,
  alignmentPoints,
  contextCrop,
  decodePhoto,
  FaceDetector,
  LandmarkLocator,
  type RgbImage,
} from '@mien/vision';
import sharp from 'sharp';

const LIMITS = { maxBytes: 1e7, maxSide: 8000, minSide: 20, maxPixels: 25e6 };

/** The aligned faces of a group photo that an npm package ships, as an enrolment keeps them. */
export async function packagedCrops(file: string): Promise<{ picture: RgbImage; png: Buffer }[]> {
  const folder = join(dirname(require.resolve('@vladmandic/face-api/package.json')), 'demo');
  const photo = await decodePhoto(readFileSync(join(folder, file)), LIMITS);
  const pack = loadPack(defaultManifestPath());
  const detector = await FaceDetector.open(pack, { threads: 1 });
  const locator = await LandmarkLocator.open(pack, { threads: 1 });
  const found = await detector.detect(photo, { minFaceSize: 20, maxFaces: 120, rotationSearch: false });
  const inputs = found.map(({ box, rotation }) => {
    const { image, left, top, scale } = contextCrop(photo, box);
    const inCrop = {
      x: (box.x - left) * scale,
      y: (box.y - top) * scale,
      width: box.width * scale,
      height: box.height * scale,
    };
    return { picture: image, box: inCrop, rotation };
  });
  const located = await locator.locate(inputs);
  await Promise.all([detector.close(), locator.close()]);
  const pictures = inputs.flatMap(({ picture }, index) => {
    const face = located[index];
    return face === undefined ? [] : [alignFace(picture, alignmentPoints(face))];
  });
  return Promise.all(pictures.map(async (picture) => ({ picture, png: await png(picture) })));
}

export function png({ data, width, height }: RgbImage): Promise<Buffer> {
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}
