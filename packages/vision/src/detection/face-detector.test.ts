import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defaultManifestPath, loadPack } from '@mien/models';
import sharp from 'sharp';
import { decodePhoto } from '../image/decode';
import { type RgbImage, rgbImage } from '../image/rgb-image';
import { intersectionOverUnion } from './box';
import { type Detection, FaceDetector } from './face-detector';
import { turned } from './turn';

const LIMITS = { maxBytes: 1e7, maxSide: 8000, minSide: 20, maxPixels: 25e6 };
const EVERY_FACE = { minFaceSize: 20, maxFaces: 120, rotationSearch: false };

/** People in the six group photos that @vladmandic/face-api ships. */
const PEOPLE = [3, 3, 3, 4, 5, 4];

function groupPhoto(number: number): Buffer {
  const folder = join(dirname(require.resolve('@vladmandic/face-api/package.json')), 'demo');
  return readFileSync(join(folder, `sample${number}.jpg`));
}

describe('FaceDetector', () => {
  let detector: FaceDetector;
  beforeAll(async () => {
    detector = await FaceDetector.open(loadPack(defaultManifestPath()), { threads: 1 });
  });
  afterAll(async () => {
    await detector.close();
  });

  it.each(PEOPLE.map((people, index) => [index + 1, people] as const))(
    'finds in group photo %i its %i people and nothing else',
    async (number, people) => {
      const faces = await detector.detect(await decodePhoto(groupPhoto(number), LIMITS), EVERY_FACE);
      expect(faces).toHaveLength(people);
      const areas = faces.map(({ box }) => box.width * box.height);
      expect(areas).toEqual([...areas].sort((a, b) => b - a));
      expect(
        faces.every(({ confidence, rotation }) => confidence > 0.9 && confidence <= 1 && rotation === 0),
      ).toBe(true);
    },
  );

  it('keeps the largest faces, and only those of the size asked for', async () => {
    const photo = await decodePhoto(groupPhoto(5), LIMITS);
    const all = await detector.detect(photo, EVERY_FACE);
    const two = await detector.detect(photo, { ...EVERY_FACE, maxFaces: 2 });
    expect(two).toEqual(all.slice(0, 2));
    expect(await detector.detect(photo, { ...EVERY_FACE, minFaceSize: 600 })).toEqual([]);
  });

  it('gives the same faces for every EXIF orientation', async () => {
    const small = await sharp(groupPhoto(1)).resize(960).png().toBuffer();
    const wanted = await detector.detect(await decodePhoto(small, LIMITS), EVERY_FACE);
    expect(wanted).toHaveLength(3);
    const quarterTurns = { 1: 0, 3: 180, 6: 270, 8: 90 };
    for (const [orientation, stored] of Object.entries(quarterTurns)) {
      const turnedFile = await sharp(small).rotate(stored).png().toBuffer();
      const tagged = await sharp(turnedFile)
        .withMetadata({ orientation: Number(orientation) })
        .png()
        .toBuffer();
      const faces = await detector.detect(await decodePhoto(tagged, LIMITS), EVERY_FACE);
      expect([orientation, faces]).toEqual([orientation, wanted]);
    }
  });

  it.each([90, 180, 270] as const)(
    'finds every face of a photo turned by %i and says which way is up',
    async (turn) => {
      const upright = await decodePhoto(await sharp(groupPhoto(4)).resize(800).png().toBuffer(), LIMITS);
      const faces = await detector.detect(turned(upright, turn), { ...EVERY_FACE, rotationSearch: true });
      expect(faces.map(({ rotation }) => rotation)).toEqual([1, 2, 3, 4].map(() => 360 - turn));
    },
  );

  it('finds faces of 20 pixels in a photo of 4000, each once, also where tiles meet', async () => {
    const face = await faceOf(22);
    const places = Array.from({ length: 60 }, (_, i) => ({
      x: 700 + (i % 10) * 34,
      y: 772 + Math.floor(i / 10) * 120,
    }));
    const photo = canvas(4000, 3000, face, places);
    const faces = await detector.detect(photo, EVERY_FACE);
    const hits = places.map(
      ({ x, y }) => faces.filter(({ box }) => isInside(box, x, y, face.width, face.height)).length,
    );
    expect(Math.max(...hits)).toBe(1);
    expect(hits.filter((hit) => hit === 1).length).toBe(places.length);
    expect(faces.length).toBe(hits.filter((hit) => hit === 1).length);
  });

  it('finds a face that fills the photo, at any size of photo', async () => {
    const photo = await decodePhoto(groupPhoto(4), LIMITS);
    const [largest] = await detector.detect(photo, EVERY_FACE);
    const { x, y, width, height } = largest?.box ?? { x: 0, y: 0, width: 0, height: 0 };
    const area = {
      left: Math.round(x),
      top: Math.round(y),
      width: Math.round(width),
      height: Math.round(height),
    };
    for (const tall of [100, 400, 2000]) {
      const bytes = await sharp(groupPhoto(4)).extract(area).resize({ height: tall }).png().toBuffer();
      const tight = await decodePhoto(bytes, LIMITS);
      const faces = await detector.detect(tight, EVERY_FACE);
      expect([tall, faces.length]).toEqual([tall, 1]);
      const whole = { x: 0, y: 0, width: tight.width, height: tight.height };
      expect(intersectionOverUnion(whole, faces[0]?.box ?? { ...whole, width: 0 })).toBeGreaterThan(0.6);
    }
  });

  it('finds nothing where there is nobody', async () => {
    const noise = rgbImage(
      Uint8Array.from({ length: 640 * 480 * 3 }, (_, i) => (i * 2654435761) >>> 24),
      640,
      480,
    );
    expect(await detector.detect(noise, { ...EVERY_FACE, rotationSearch: true })).toEqual([]);
    const flat = rgbImage(new Uint8Array(300 * 5000 * 3).fill(128), 5000, 300);
    expect(await detector.detect(flat, EVERY_FACE)).toEqual([]);
  });

  /** The surroundings of the largest face of group photo 3, shrunk until the face has `size` pixels. */
  async function faceOf(size: number): Promise<RgbImage> {
    const photo = await decodePhoto(groupPhoto(3), LIMITS);
    const [largest]: Detection[] = await detector.detect(photo, EVERY_FACE);
    const { x, y, width, height } = largest?.box ?? { x: 0, y: 0, width: 0, height: 0 };
    const margin = height * 0.2;
    const bytes = await sharp(groupPhoto(3))
      .extract({
        left: Math.round(x - margin),
        top: Math.round(y - margin),
        width: Math.round(width + margin * 2),
        height: Math.round(height + margin * 2),
      })
      .resize({ height: Math.round(size * 1.4) })
      .png()
      .toBuffer();
    return decodePhoto(bytes, LIMITS);
  }
});

function canvas(
  width: number,
  height: number,
  face: RgbImage,
  places: readonly { x: number; y: number }[],
): RgbImage {
  const data = new Uint8Array(width * height * 3).fill(120);
  for (const { x, y } of places) {
    for (let row = 0; row < face.height; row++) {
      const from = row * face.width * 3;
      data.set(face.data.subarray(from, from + face.width * 3), ((y + row) * width + x) * 3);
    }
  }
  return rgbImage(data, width, height);
}

function isInside(box: Detection['box'], x: number, y: number, width: number, height: number): boolean {
  const centreX = box.x + box.width / 2;
  const centreY = box.y + box.height / 2;
  return centreX > x && centreX < x + width && centreY > y && centreY < y + height;
}
