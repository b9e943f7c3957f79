import { drawBackground, fillRectangle, randomColour } from './backgrounds';
import { photograph, recompress } from './camera';
import { blankCanvas, blur, type Canvas, mapCanvas, toCanvas, toImage } from './canvas';
import { headMatte } from './head-matte';
import { placementHomography, project } from './homography';
import { drawLayer, type Effect, opaqueLayer } from './layer';
import type { GeneratorParameters } from './parameters';
import type { Random } from './random';
import { type Box, centreOf, type DrawnPhoto, longerSide, type SourcePhoto } from './source-photo';

export const CONTROLS = [
  'original',
  'jpeg',
  'blur',
  'exposure',
  'noise',
  'scaled',
  'new-background',
  'frame-behind',
  'frame-around',
  'stripes-behind',
] as const;
export type Control = (typeof CONTROLS)[number];

/** Changes a photo in a way that leaves a live face live. `others` lend backgrounds. */
export async function drawControl(
  control: Control,
  source: SourcePhoto,
  others: readonly SourcePhoto[],
  parameters: GeneratorParameters,
  random: Random,
): Promise<DrawnPhoto> {
  const quality = random.pick(parameters.jpegQualities);
  const centre = centreOf(source.face);
  switch (control) {
    case 'original':
      return { image: source.image, centre };
    case 'jpeg':
      return { image: await recompress(source.image, quality - 10), centre };
    case 'blur': {
      const blurred = blur(toCanvas(source.image), random.between(0.6, 1.8));
      return { image: await recompress(toImage(blurred), quality), centre };
    }
    case 'exposure':
      return { image: await recompress(toImage(exposed(source, parameters, random)), quality), centre };
    case 'noise':
      return { image: await recompress(toImage(noisy(source, random)), quality), centre };
    default:
      return composed(drawComposition(control, source, others, parameters, random), parameters, random);
  }
}

/** A canvas before the camera, and where the face's middle is on it. */
interface Composition {
  readonly canvas: Canvas;
  readonly centre: DrawnPhoto['centre'];
}

async function composed(
  { canvas, centre }: Composition,
  parameters: GeneratorParameters,
  random: Random,
): Promise<DrawnPhoto> {
  return { image: await photograph(canvas, parameters, random), centre };
}

function drawComposition(
  control: 'scaled' | 'new-background' | 'frame-behind' | 'frame-around' | 'stripes-behind',
  source: SourcePhoto,
  others: readonly SourcePhoto[],
  parameters: GeneratorParameters,
  random: Random,
): Composition {
  switch (control) {
    case 'scaled':
      return scaled(source, parameters, random);
    case 'new-background':
      return onNewBackground(source, others, parameters, random);
    case 'frame-behind':
      return behind(source, parameters, random, drawFrames);
    case 'frame-around':
      return behind(source, parameters, random, drawFrames, drawCounter);
    case 'stripes-behind':
      return behind(source, parameters, random, drawStripes);
  }
}

function exposed(source: SourcePhoto, parameters: GeneratorParameters, random: Random): Canvas {
  const canvas = toCanvas(source.image);
  const gamma = random.between(...random.pick(parameters.gammas));
  const saturation = random.between(...parameters.saturations);
  const tint = [random.between(0.92, 1.08), 1, random.between(0.9, 1.12)];
  const { data } = canvas;
  for (let i = 0; i < data.length; i += 3) {
    const grey = 0.299 * (data[i] ?? 0) + 0.587 * (data[i + 1] ?? 0) + 0.114 * (data[i + 2] ?? 0);
    for (let channel = 0; channel < 3; channel++) {
      const value = Math.max(0, grey + ((data[i + channel] ?? 0) - grey) * saturation);
      data[i + channel] = 255 * (value / 255) ** gamma * (tint[channel] ?? 1);
    }
  }
  return canvas;
}

function noisy(source: SourcePhoto, random: Random): Canvas {
  const canvas = toCanvas(source.image);
  const sigma = random.between(3, 10);
  mapCanvas(canvas, (value) => value + sigma * random.normal());
  return canvas;
}

function scaled(source: SourcePhoto, parameters: GeneratorParameters, random: Random): Composition {
  const scale = random.between(...parameters.facePixels) / longerSide(source.face);
  const { width, height } = source.image;
  const canvas = blankCanvas(Math.round(width * scale), Math.round(height * scale), [0, 0, 0]);
  drawLayer(canvas, opaqueLayer(toCanvas(source.image)), [scale, 0, 0, 0, scale, 0, 0, 0]);
  const { x, y } = centreOf(source.face);
  return { canvas, centre: { x: x * scale, y: y * scale } };
}

/** The figure, softly outlined, in another room: as an attack is composed, but with no medium between. */
function onNewBackground(
  source: SourcePhoto,
  others: readonly SourcePhoto[],
  parameters: GeneratorParameters,
  random: Random,
): Composition {
  const { image, face } = source;
  const size = random.between(...parameters.facePixels);
  const scale = size / longerSide(face);
  const width = Math.round(size * random.between(...parameters.photoWidths));
  const canvas = drawBackground(width, Math.round((width * 4) / 3), others, random);
  const soft = random.between(3, 8);
  const layer = opaqueLayer(toCanvas(image));
  layer.alpha.forEach((_, i) => {
    layer.alpha[i] = headMatte(face, i % image.width, Math.floor(i / image.width), soft);
  });
  // The figure stands on the picture's lower edge as far as its photo reaches.
  const placement = {
    anchorX: face.x + face.width / 2,
    anchorY: image.height,
    x: canvas.width * random.between(0.42, 0.58),
    y: canvas.height,
    scale,
    angle: 0,
    leanX: 0,
    leanY: 0,
  };
  const toTarget = placementHomography(placement);
  drawLayer(canvas, layer, toTarget);
  const { x, y } = centreOf(face);
  return { canvas, centre: project(toTarget, x, y) };
}

/** The photo with something drawn between the figure and its background, and something before it. */
function behind(
  source: SourcePhoto,
  parameters: GeneratorParameters,
  random: Random,
  drawBehind: (canvas: Canvas, face: Box, random: Random) => void,
  drawBefore?: (canvas: Canvas, face: Box, random: Random) => void,
): Composition {
  const canvas = toCanvas(source.image);
  drawBehind(canvas, source.face, random);
  const layer = opaqueLayer(toCanvas(source.image));
  layer.alpha.forEach((_, i) => {
    layer.alpha[i] = headMatte(source.face, i % canvas.width, Math.floor(i / canvas.width), 4);
  });
  drawLayer(canvas, layer, [1, 0, 0, 0, 1, 0, 0, 0]);
  drawBefore?.(canvas, source.face, random);
  return scaled({ image: toImage(canvas), face: source.face }, parameters, random);
}

/** Pictures, doors, windows: rectangles whose upright and level edges pass close to the head. */
function drawFrames(canvas: Canvas, face: Box, random: Random): void {
  for (let i = random.whole(1, 3); i > 0; i--) {
    const halfWidth = face.width * random.between(0.8, 1.5);
    const centre = face.x + face.width * random.between(0.2, 0.8);
    const top = face.y - face.height * random.between(0.15, 0.6);
    const bottom = random.chance(0.5) ? canvas.height : face.y + face.height * random.between(0.8, 1.4);
    const rim = random.between(0, 8);
    const left = centre - halfWidth;
    const right = centre + halfWidth;
    fillRectangle(canvas, left - rim, top - rim, right + rim, bottom + rim, randomColour(random));
    fillRectangle(canvas, left, top, right, bottom, randomColour(random));
  }
}

/** A lectern or counter: a level edge across the body below the chin. With the frames behind, all four sides. */
function drawCounter(canvas: Canvas, face: Box, random: Random): void {
  const top = face.y + face.height * random.between(1.08, 1.3);
  fillRectangle(canvas, 0, top, canvas.width, canvas.height, randomColour(random));
  fillRectangle(canvas, 0, top, canvas.width, top + random.between(0, 6), randomColour(random));
}

/** Blinds, panelling, brickwork: a regular pattern beside the face. */
function drawStripes(canvas: Canvas, _face: Box, random: Random): void {
  const period = random.between(4, 16);
  const angle = random.pick([0, Math.PI / 2, random.between(0, Math.PI)]);
  const depth = random.between(15, 60);
  const base = randomColour(random);
  const cos = Math.cos(angle) / period;
  const sin = Math.sin(angle) / period;
  const stripe: Effect = (value, _channel, x, y) =>
    value + (Math.cos(2 * Math.PI * (x * cos + y * sin)) > 0 ? depth : -depth);
  mapCanvas(canvas, (_value, channel, x, y) => stripe(base[channel] ?? 0, channel, x, y));
}
