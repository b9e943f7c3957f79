import { drawBackground } from './backgrounds';
import { photograph } from './camera';
import { blankCanvas, type Canvas } from './canvas';
import { type Placement, placementHomography, project } from './homography';
import { drawLayer, type Effect } from './layer';
import { bareScreen, cutOutHead, drawThumb, type Medium, monitor, phone, sheet } from './media';
import type { GeneratorParameters } from './parameters';
import type { Random } from './random';
import { curl, halftone, reflections, screenColours, screenRaster } from './raster';
import { centreOf, type DrawnPhoto, longerSide, type SourcePhoto } from './source-photo';

export const ATTACKS = ['phone', 'tight-phone', 'sheet', 'screen-moire', 'monitor', 'cut-out'] as const;
export type Attack = (typeof ATTACKS)[number];

/** Draws a photo of somebody's photo. `others` lend the room behind it. */
export async function drawAttack(
  attack: Attack,
  source: SourcePhoto,
  others: readonly SourcePhoto[],
  parameters: GeneratorParameters,
  random: Random,
): Promise<DrawnPhoto> {
  if (attack === 'screen-moire') {
    return drawBareScreen(source, parameters, random);
  }
  const medium = makeMedium(attack, source, parameters, random);
  if (attack !== 'cut-out' && attack !== 'monitor' && random.chance(0.4)) {
    drawThumb(medium, random);
  }
  const face = random.between(...parameters.facePixels);
  const width = Math.round(face * random.between(...parameters.photoWidths));
  const canvas = drawBackground(width, Math.round((width * 4) / 3), others, random);
  const placement = hold(medium, canvas, face, parameters, random);
  drawLayer(
    canvas,
    medium.layer,
    placementHomography(placement),
    surface(attack, medium, parameters, random, placement.scale),
  );
  return { image: await photograph(canvas, parameters, random), centre: { x: placement.x, y: placement.y } };
}

function makeMedium(
  attack: Attack,
  source: SourcePhoto,
  parameters: GeneratorParameters,
  random: Random,
): Medium {
  switch (attack) {
    case 'phone':
      return phone(source, false, parameters, random);
    case 'tight-phone':
      return phone(source, true, parameters, random);
    case 'sheet':
      return sheet(source, parameters, random);
    case 'monitor':
      return monitor(source, parameters, random);
    case 'cut-out':
      return cutOutHead(source, parameters, random);
    case 'screen-moire':
      return bareScreen(source);
  }
}

function surface(
  attack: Attack,
  medium: Medium,
  parameters: GeneratorParameters,
  random: Random,
  scale: number,
): Effect[] {
  const { width, height } = medium.layer;
  return attack === 'sheet' || attack === 'cut-out'
    ? [halftone(parameters, random, scale), curl(random, width, height)]
    : [
        screenColours(parameters, random),
        screenRaster(parameters, random, scale),
        reflections(random, width, height),
      ];
}

/** Somebody holds the medium so that the face comes out at the wanted size near the middle. */
function hold(
  medium: Medium,
  canvas: Canvas,
  facePixels: number,
  parameters: GeneratorParameters,
  random: Random,
): Placement {
  const { face } = medium;
  return {
    anchorX: centreOf(face).x,
    anchorY: centreOf(face).y,
    x: canvas.width * random.between(0.42, 0.58),
    y: canvas.height * random.between(0.4, 0.55),
    scale: facePixels / longerSide(face),
    angle: random.between(...parameters.turns),
    leanX: random.between(-7e-4, 7e-4),
    leanY: random.between(-7e-4, 7e-4),
  };
}

/** The photo fills the screen and the screen fills the picture: nothing but moire, colours and glass give it away. */
async function drawBareScreen(
  source: SourcePhoto,
  parameters: GeneratorParameters,
  random: Random,
): Promise<DrawnPhoto> {
  const { image, face } = source;
  const scale = random.between(...parameters.facePixels) / longerSide(face);
  // Cropped by a tenth, so that the tilted screen still covers the whole picture.
  const canvas = blankCanvas(
    Math.round(image.width * scale * 0.9),
    Math.round(image.height * scale * 0.9),
    [0, 0, 0],
  );
  const medium = bareScreen(source);
  const placement: Placement = {
    anchorX: image.width / 2,
    anchorY: image.height / 2,
    x: canvas.width / 2,
    y: canvas.height / 2,
    scale: scale * 1.06,
    angle: random.between(-0.04, 0.04),
    leanX: random.between(-3e-4, 3e-4),
    leanY: random.between(-3e-4, 3e-4),
  };
  const effects = surface('screen-moire', medium, parameters, random, placement.scale);
  const toCanvas = placementHomography(placement);
  drawLayer(canvas, medium.layer, toCanvas, effects);
  const { x, y } = centreOf(face);
  return { image: await photograph(canvas, parameters, random), centre: project(toCanvas, x, y) };
}
