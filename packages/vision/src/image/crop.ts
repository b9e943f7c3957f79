import type { RgbImage } from './rgb-image';
import { shrinkWindow } from './shrink';
import { warp } from './warp';

/** A square cut from a photo. */
export interface CropPicture {
  readonly image: RgbImage;
  /** Crop pixel (u, v) lies at photo pixel (left + u / scale, top + v / scale), both counted at pixel centres. */
  readonly left: number;
  readonly top: number;
  readonly scale: number;
}

interface FaceBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Side of the context crop over the face box's longer side. */
const CONTEXT_SIDES = 2.4;

/** The face box's longer side is at most this many pixels in a context crop. */
const CONTEXT_FACE_PIXELS = 160;

/**
 * The square around a face that landmarks, quality and attributes are read from: 2.4 times the box's longer side,
 * centred on the box, shrunk (never enlarged) until that side has at most 160 pixels; black outside the photo.
 */
export function contextCrop(photo: RgbImage, box: FaceBox): CropPicture {
  const longer = Math.max(box.width, box.height);
  const scale = Math.min(1, CONTEXT_FACE_PIXELS / longer);
  const pixels = Math.max(1, Math.round(longer * CONTEXT_SIDES * scale));
  // At full size the corner is set on a whole pixel: the crop is then a copy, with nothing blurred.
  const snap = scale === 1 ? Math.round : (value: number) => value;
  const left = snap(box.x + box.width / 2 - pixels / scale / 2);
  const top = snap(box.y + box.height / 2 - pixels / scale / 2);
  return cut(photo, left, top, scale, pixels);
}

/**
 * The square that a liveness model wants: `factor` times the box's longer side, moved (and, in a photo too small for
 * it, shrunk) so that it lies inside the photo, `pixels` wide. A small face is enlarged bilinearly.
 */
export function livenessCrop(photo: RgbImage, box: FaceBox, factor: number, pixels: number): CropPicture {
  const side = Math.min(Math.max(box.width, box.height) * factor, photo.width, photo.height);
  const inside = (centre: number, length: number): number =>
    Math.min(Math.max(centre - side / 2, 0), length - side);
  const left = inside(box.x + box.width / 2, photo.width);
  const top = inside(box.y + box.height / 2, photo.height);
  return cut(photo, left, top, pixels / side, pixels);
}

/** `left` and `top` are pixel edges here; the crop's own are counted at pixel centres. */
function cut(photo: RgbImage, left: number, top: number, scale: number, pixels: number): CropPicture {
  const toCentre = 0.5 / scale - 0.5;
  const centres = { left: left + toCentre, top: top + toCentre, scale };
  if (scale <= 1) {
    return { ...centres, image: shrinkWindow(photo, { left, top, scale, width: pixels, height: pixels }) };
  }
  const toCrop = { a: scale, b: 0, c: -centres.left * scale, d: 0, e: scale, f: -centres.top * scale };
  return { ...centres, image: warp(photo, toCrop, pixels, pixels) };
}
