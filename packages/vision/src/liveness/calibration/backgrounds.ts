import { blankCanvas, blur, type Canvas, type Colour, mapCanvas, toCanvas } from './canvas';
import { sampleColour } from './layer';
import type { Random } from './random';
import type { SourcePhoto } from './source-photo';

/** A room to hold something into: another photo enlarged, a plain wall, or furniture as rectangles. */
export function drawBackground(
  width: number,
  height: number,
  others: readonly SourcePhoto[],
  random: Random,
): Canvas {
  const kind = random.unit();
  if (kind < 0.5) {
    return enlarge(toCanvas(random.pick(others).image), width, height, random);
  }
  const wall = plainWall(width, height, random);
  if (kind < 0.7) {
    return wall;
  }
  for (let i = random.whole(2, 7); i > 0; i--) {
    const left = random.between(-0.2, 0.9) * width;
    const top = random.between(-0.2, 0.9) * height;
    fillRectangle(
      wall,
      left,
      top,
      left + random.between(0.1, 0.8) * width,
      top + random.between(0.1, 0.9) * height,
      randomColour(random),
    );
  }
  return blur(wall, random.between(0, 2.5));
}

export function randomColour(random: Random): Colour {
  const grey = random.between(15, 240);
  return [grey + random.between(-30, 30), grey + random.between(-20, 20), grey + random.between(-35, 30)];
}

function plainWall(width: number, height: number, random: Random): Canvas {
  const canvas = blankCanvas(width, height, randomColour(random));
  const across = random.between(-0.4, 0.4) / width;
  const down = random.between(-0.4, 0.4) / height;
  mapCanvas(canvas, (value, _channel, x, y) => value * (1 + across * x + down * y));
  return canvas;
}

/** Part of a photo, stretched over the whole canvas. */
function enlarge(photo: Canvas, width: number, height: number, random: Random): Canvas {
  const scale = Math.max(width / photo.width, height / photo.height) * random.between(1, 1.5);
  const left = random.between(0, photo.width - width / scale);
  const top = random.between(0, photo.height - height / scale);
  const canvas = blankCanvas(width, height, [0, 0, 0]);
  const colour = new Float64Array(3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      sampleColour(photo, left + x / scale, top + y / scale, colour);
      canvas.data.set(colour, (y * width + x) * 3);
    }
  }
  return canvas;
}

export function fillRectangle(
  canvas: Canvas,
  left: number,
  top: number,
  right: number,
  bottom: number,
  colour: Colour,
): void {
  for (let y = Math.max(0, Math.ceil(top)); y < Math.min(canvas.height, bottom); y++) {
    for (let x = Math.max(0, Math.ceil(left)); x < Math.min(canvas.width, right); x++) {
      canvas.data.set(colour, (y * canvas.width + x) * 3);
    }
  }
}
