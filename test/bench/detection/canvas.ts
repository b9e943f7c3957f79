import { type RgbImage, rgbImage } from '@mien/vision';
import sharp from 'sharp';
import { type Box, longerSide, type PortraitFace } from './faces';

export const CANVAS = { width: 1280, height: 960 } as const;
const GREY = 115;

/** LFW photos as tiles of a picture, and where their faces lie. */
export interface Canvas {
  readonly picture: RgbImage;
  readonly truth: readonly Box[];
}

/** How the photos are laid out. */
export interface Layout {
  /** Longer side of every face's box, in pixels. */
  readonly faceSize: number;
  /** In-plane turn of every photo, clockwise in degrees. */
  readonly degrees: number;
  /** At most so many photos on a canvas. */
  readonly most: number;
}

interface Tile {
  readonly picture: RgbImage;
  readonly truth: Box;
}

/** Lays the photos out on as many canvases as they need, each at a random place of its cell. */
export async function* canvases(
  faces: readonly PortraitFace[],
  layout: Layout,
  random: () => number,
): AsyncGenerator<Canvas> {
  const perCanvas = Math.min(layout.most, capacity(layout.faceSize));
  for (let start = 0; start < faces.length; start += perCanvas) {
    yield oneCanvas(faces.slice(start, start + perCanvas), layout, perCanvas, random);
  }
}

/** Cells that hold whole photos: an LFW photo is about twice as high as its face's box. */
function capacity(faceSize: number): number {
  const cell = faceSize * 2.2;
  return Math.floor(CANVAS.width / cell) * Math.floor(CANVAS.height / cell);
}

async function oneCanvas(
  faces: readonly PortraitFace[],
  layout: Layout,
  perCanvas: number,
  random: () => number,
): Promise<Canvas> {
  const data = new Uint8Array(CANVAS.width * CANVAS.height * 3).fill(GREY);
  const columns = Math.ceil(Math.sqrt((perCanvas * CANVAS.width) / CANVAS.height));
  const cell = { width: CANVAS.width / columns, height: CANVAS.height / Math.ceil(perCanvas / columns) };
  const truth: Box[] = [];
  for (const [index, face] of faces.entries()) {
    const tile = await tileOf(face, layout);
    const place = (start: number, room: number, length: number): number =>
      Math.round(start + random() * Math.max(0, room - length));
    const left = place((index % columns) * cell.width, cell.width, tile.picture.width);
    const top = place(Math.floor(index / columns) * cell.height, cell.height, tile.picture.height);
    draw(tile.picture, data, left, top);
    truth.push({ ...tile.truth, x: tile.truth.x + left, y: tile.truth.y + top });
  }
  return { picture: rgbImage(data, CANVAS.width, CANVAS.height), truth };
}

async function tileOf({ path, box }: PortraitFace, { faceSize, degrees }: Layout): Promise<Tile> {
  const { width: photoWidth = 0 } = await sharp(path).metadata();
  const width = Math.round((photoWidth * faceSize) / longerSide(box));
  const scale = width / photoWidth;
  const resized = await sharp(path).resize({ width }).png().toBuffer();
  const { data, info } = await sharp(resized)
    .rotate(degrees, { background: { r: GREY, g: GREY, b: GREY } })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const turn = (degrees * Math.PI) / 180;
  // The photo turns around its centre; the box keeps its size, upright around its turned centre.
  const x = (box.x + box.width / 2) * scale - width / 2;
  const y = (box.y + box.height / 2) * scale - width / 2;
  const centreX = info.width / 2 + x * Math.cos(turn) - y * Math.sin(turn);
  const centreY = info.height / 2 + x * Math.sin(turn) + y * Math.cos(turn);
  const sideways = degrees % 180 === 90;
  const truthWidth = (sideways ? box.height : box.width) * scale;
  const truthHeight = (sideways ? box.width : box.height) * scale;
  return {
    picture: rgbImage(data, info.width, info.height),
    truth: {
      x: centreX - truthWidth / 2,
      y: centreY - truthHeight / 2,
      width: truthWidth,
      height: truthHeight,
    },
  };
}

function draw(picture: RgbImage, data: Uint8Array, left: number, top: number): void {
  const width = Math.min(picture.width, CANVAS.width - left);
  for (let y = 0; y < picture.height && top + y < CANVAS.height; y++) {
    const from = y * picture.width * 3;
    data.set(picture.data.subarray(from, from + width * 3), ((top + y) * CANVAS.width + left) * 3);
  }
}
