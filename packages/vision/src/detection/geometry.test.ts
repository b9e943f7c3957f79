import { rgbImage } from '../image/rgb-image';
import { intersectionOverUnion, overlapOfSmaller } from './box';
import { planLevels } from './pyramid';
import { suppress } from './suppress';
import { planTiles } from './tiles';
import { TURNS, turned, turnedBack } from './turn';

const square = (x: number, y: number, side: number) => ({ x, y, width: side, height: side });

describe('boxes', () => {
  it('measure what they share', () => {
    expect(intersectionOverUnion(square(0, 0, 10), square(0, 0, 10))).toBe(1);
    expect(intersectionOverUnion(square(0, 0, 10), square(5, 0, 10))).toBeCloseTo(1 / 3, 9);
    expect(intersectionOverUnion(square(0, 0, 10), square(10, 0, 10))).toBe(0);
    expect(overlapOfSmaller(square(0, 0, 10), square(2, 2, 4))).toBe(1);
  });

  it('are kept once for each face, the best one', () => {
    const boxes = [
      { ...square(0, 0, 100), score: 0.8 },
      { ...square(8, 4, 100), score: 0.95 },
      { ...square(30, 30, 30), score: 0.7 },
      { ...square(90, 0, 100), score: 0.75 },
    ];
    expect(suppress(boxes).map(({ score }) => score)).toEqual([0.95, 0.75]);
  });
});

describe('levels', () => {
  const tuning = { sureFrom: 28, from: 36, to: 110 };

  it.each([
    [250, 250, 20],
    [640, 480, 20],
    [4000, 3000, 20],
    [4000, 300, 20],
    [1920, 1280, 100],
    [100, 60, 20],
  ])('of a %ix%i photo leave no face size from %i up without one', (width, height, minFace) => {
    const levels = planLevels(width, height, minFace, tuning);
    for (let face = minFace; face <= Math.min(width, height); face *= 1.05) {
      const answering = levels.filter(({ scale, from, to }) => face * scale >= from && face * scale < to);
      expect([face, answering.length > 0]).toEqual([face, true]);
      expect(Math.min(...answering.map(({ scale }) => face * scale))).toBeLessThanOrEqual(2 * tuning.to);
    }
    expect(Math.max(...levels.map(({ scale }) => scale))).toBeLessThanOrEqual(1);
  });

  it('grow coarser with the smallest face wanted', () => {
    expect(planLevels(1920, 1280, 280, tuning)[0]?.scale).toBeCloseTo(0.1, 9);
    expect(planLevels(1920, 1280, 20, tuning)[0]?.scale).toBe(1);
  });
});

describe('tiles', () => {
  it.each([
    [1280, 960],
    [1281, 960],
    [4000, 3000],
    [2601, 411],
    [9000, 1279],
  ])('cover %ix%i, equal in size, inside it, with the overlap asked for', (width, height) => {
    const tiles = planTiles(width, height, 1280, 140);
    for (const tile of tiles) {
      expect(Math.max(tile.width, tile.height)).toBeLessThanOrEqual(1280);
      expect(
        tile.x >= 0 && tile.y >= 0 && tile.x + tile.width <= width && tile.y + tile.height <= height,
      ).toBe(true);
    }
    for (let x = 0; x < width; x += 83) {
      for (let y = 0; y < height; y += 89) {
        const owners = tiles.filter(
          (tile) => x >= tile.ownLeft && x < tile.ownRight && y >= tile.ownTop && y < tile.ownBottom,
        );
        expect(owners).toHaveLength(1);
        // A face of the overlap's size around this point lies whole in the owner, or the photo ends first.
        const [owner] = owners;
        expect(owner?.x).toBeLessThanOrEqual(Math.max(0, x - 69));
        expect((owner?.x ?? 0) + (owner?.width ?? 0)).toBeGreaterThanOrEqual(Math.min(width, x + 69));
        expect((owner?.y ?? 0) + (owner?.height ?? 0)).toBeGreaterThanOrEqual(Math.min(height, y + 69));
      }
    }
  });
});

describe('turns', () => {
  const width = 5;
  const height = 3;
  const photo = rgbImage(
    Uint8Array.from({ length: width * height * 3 }, (_, i) => i),
    width,
    height,
  );

  it('move the upper left pixel clockwise through the corners', () => {
    const places = TURNS.map((turn) => {
      const image = turned(photo, turn);
      const at = image.data.findIndex((value, i) => i % 3 === 0 && value === 0);
      return [image.width, image.height, (at / 3) % image.width, Math.floor(at / 3 / image.width)];
    });
    expect(places).toEqual([
      [5, 3, 0, 0],
      [3, 5, 2, 0],
      [5, 3, 4, 2],
      [3, 5, 0, 4],
    ]);
  });

  it.each(TURNS)('take every pixel of a picture turned by %i back to where it was', (turn) => {
    const image = turned(photo, turn);
    for (let y = 0; y < image.height; y++) {
      for (let x = 0; x < image.width; x++) {
        const back = turnedBack({ x, y, width: 1, height: 1 }, turn, width, height);
        expect(image.data[(y * image.width + x) * 3]).toBe(photo.data[(back.y * width + back.x) * 3]);
        expect([back.width, back.height]).toEqual([1, 1]);
      }
    }
  });

  it('swap the sides of a box that is turned sideways', () => {
    expect(turnedBack({ x: 0, y: 1, width: 2, height: 3 }, 90, width, height)).toEqual({
      x: 1,
      y: 1,
      width: 3,
      height: 2,
    });
  });
});
