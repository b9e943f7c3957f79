import { fillRectangle } from './backgrounds';
import { blankCanvas, type Canvas, type Colour, toCanvas } from './canvas';
import { headMatte } from './head-matte';
import { type Layer, opaqueLayer, roundCorners } from './layer';
import type { GeneratorParameters } from './parameters';
import type { Random } from './random';
import { printColours } from './raster';
import type { Box, SourcePhoto } from './source-photo';

/** Something that shows a photo, and where the face is on it. */
export interface Medium {
  readonly layer: Layer;
  readonly face: Box;
}

/** A part of the source photo of the given size in face sizes, as centred on the face as the photo allows. */
function cutOut(
  source: SourcePhoto,
  widthInFaces: number,
  heightInFaces: number,
): { canvas: Canvas; face: Box } {
  const { image, face } = source;
  const size = Math.max(face.width, face.height);
  const width = Math.min(image.width, Math.round(size * widthInFaces));
  const height = Math.min(image.height, Math.round(size * heightInFaces));
  const left = clamp(Math.round(face.x + face.width / 2 - width / 2), 0, image.width - width);
  const top = clamp(Math.round(face.y + face.height / 2 - height / 2), 0, image.height - height);
  const whole = toCanvas(image);
  const data = new Float32Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * image.width + left) * 3;
    data.set(whole.data.subarray(from, from + width * 3), y * width * 3);
  }
  return { canvas: { data, width, height }, face: { ...face, x: face.x - left, y: face.y - top } };
}

/** Sets a picture into a plate with margins. */
function mount(
  picture: { canvas: Canvas; face: Box },
  margins: { left: number; top: number; right: number; bottom: number },
  colour: Colour,
): Medium {
  const { canvas, face } = picture;
  const width = canvas.width + margins.left + margins.right;
  const plate = blankCanvas(width, canvas.height + margins.top + margins.bottom, colour);
  for (let y = 0; y < canvas.height; y++) {
    plate.data.set(
      canvas.data.subarray(y * canvas.width * 3, (y + 1) * canvas.width * 3),
      ((y + margins.top) * width + margins.left) * 3,
    );
  }
  return { layer: opaqueLayer(plate), face: { ...face, x: face.x + margins.left, y: face.y + margins.top } };
}

/** A phone: narrow at the sides, wider above and below; `tight` shows the face alone, else head and shoulders. */
export function phone(
  source: SourcePhoto,
  tight: boolean,
  parameters: GeneratorParameters,
  random: Random,
): Medium {
  const picture = tight
    ? cutOut(source, random.between(1, 1.25), random.between(1.4, 1.8))
    : cutOut(source, random.between(1.3, 1.7), random.between(2.2, 2.5));
  const side = random.whole(3, 9);
  const end = random.whole(4, 24);
  const margins = { left: side, right: side, top: end, bottom: random.whole(4, 24) };
  const medium = mount(picture, margins, random.pick(parameters.bezels));
  roundCorners(medium.layer, random.between(4, 18));
  return medium;
}

/** A monitor with a window on its desktop that shows the photo; its frame is far from the face. */
export function monitor(source: SourcePhoto, parameters: GeneratorParameters, random: Random): Medium {
  const picture = cutOut(source, random.between(1.7, 2.5), random.between(1.6, 2.5));
  const bar = random.whole(0, 14);
  const window = mount(
    picture,
    { left: 1, right: 1, top: bar, bottom: 1 },
    random.pick([
      [235, 235, 238],
      [45, 45, 50],
    ]),
  );
  const desk = random.whole(10, 120);
  const desktop = mount(
    { canvas: window.layer, face: window.face },
    { left: desk, right: random.whole(10, 120), top: random.whole(5, 50), bottom: random.whole(5, 70) },
    [random.between(10, 120), random.between(30, 140), random.between(60, 200)],
  );
  const bezel = random.whole(6, 16);
  return mount(
    { canvas: desktop.layer, face: desktop.face },
    { left: bezel, right: bezel, top: bezel, bottom: bezel + 8 },
    random.pick(parameters.bezels),
  );
}

/** A printed sheet with its white border. */
export function sheet(source: SourcePhoto, parameters: GeneratorParameters, random: Random): Medium {
  const paper = random.pick(parameters.papers);
  const picture = cutOut(source, random.between(1.3, 2.4), random.between(1.5, 2.4));
  inkIn(picture.canvas, printColours(parameters, random, paper));
  const border = random.whole(5, 28);
  const margins = {
    left: border,
    right: border,
    top: border,
    bottom: random.chance(0.3) ? border * 2 : border,
  };
  return mount(picture, margins, paper);
}

/** A printed head, cut out along its outline with a rim of white paper. */
export function cutOutHead(source: SourcePhoto, parameters: GeneratorParameters, random: Random): Medium {
  const paper = random.pick(parameters.papers);
  const { canvas, face } = cutOut(source, 2.2, 2.3);
  inkIn(canvas, printColours(parameters, random, paper));
  const layer = opaqueLayer(canvas);
  const rim = random.between(0, 4) / face.width;
  const body = random.chance(0.5);
  for (let y = 0; y < canvas.height; y++) {
    for (let x = 0; x < canvas.width; x++) {
      const below = !body && y > face.y + face.height * 1.12;
      const printed = below ? 0 : headMatte(face, x, y, 1);
      const wide = {
        ...face,
        x: face.x - (rim * face.width) / 2,
        width: face.width * (1 + rim),
        y: face.y - (rim * face.width) / 2,
        height: face.height + rim * face.width,
      };
      layer.alpha[y * canvas.width + x] = below ? 0 : headMatte(wide, x, y, 1);
      const i = (y * canvas.width + x) * 3;
      for (let channel = 0; channel < 3; channel++) {
        canvas.data[i + channel] =
          (canvas.data[i + channel] ?? 0) * printed + (paper[channel] ?? 0) * (1 - printed);
      }
    }
  }
  return { layer, face };
}

/** The photo as it fills a screen of which no edge is seen. */
export function bareScreen(source: SourcePhoto): Medium {
  return { layer: opaqueLayer(toCanvas(source.image)), face: source.face };
}

function inkIn(canvas: Canvas, ink: (r: number, g: number, b: number) => [number, number, number]): void {
  for (let i = 0; i < canvas.data.length; i += 3) {
    canvas.data.set(ink(canvas.data[i] ?? 0, canvas.data[i + 1] ?? 0, canvas.data[i + 2] ?? 0), i);
  }
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** A thumb that holds the medium, as a skin-coloured stroke over its edge. */
export function drawThumb(medium: Medium, random: Random): void {
  const { layer } = medium;
  const tone = random.between(110, 215);
  const size = Math.max(4, layer.width * random.between(0.06, 0.12));
  const top = layer.height * random.between(0.55, 0.95);
  const left = random.chance(0.5) ? 0 : layer.width - size;
  fillRectangle(layer, left, top, left + size, top + size * 1.6, [tone, tone * 0.76, tone * 0.62]);
}
