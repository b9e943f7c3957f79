import { MienError } from '@mien/errors';
import type { FaceOnLine, Photo } from '@mien/proto';
import {
  type FaceGeometry,
  type LocateInput,
  mapGeometry,
  type PhotoArea,
  type RgbImage,
  rgbImage,
} from '@mien/vision';

/** Where a crop lies in its photo: crop pixel (u, v) is photo position (left + u / scale, top + v / scale). */
interface Placement {
  readonly left: number;
  readonly top: number;
  readonly scale: number;
}

/** A face of a job with its crop, which is what the models look at. */
export interface CroppedFace {
  readonly face: FaceOnLine;
  readonly crop: RgbImage;
  readonly placement: Placement;
  /** What of the crop shows the photo, in its pixels. */
  readonly area: PhotoArea;
}

/** A face whose features were found, in pixels of its crop and of its photo. */
export interface LocatedFace extends CroppedFace {
  readonly inCrop: FaceGeometry;
  readonly inPhoto: FaceGeometry;
}

/** Throws INTERNAL when the detector left out the box or the crop. */
export function croppedFace(face: FaceOnLine, photo: Photo): CroppedFace {
  const { answer, context } = face;
  if (!answer?.box || context?.pixels?.$case !== 'rgb') {
    throw new MienError('INTERNAL', 'a face came to the landmark stage without box or pixels');
  }
  const { width, height, left, top, scale } = context;
  const placement = { left, top, scale };
  return {
    face,
    crop: rgbImage(context.pixels.value, width, height),
    placement,
    area: photoArea(photo, placement),
  };
}

/** The photo's edges lie half a pixel beyond the centres of its outermost pixels. */
function photoArea({ width, height }: Photo, { left, top, scale }: Placement): PhotoArea {
  return {
    left: (-0.5 - left) * scale,
    top: (-0.5 - top) * scale,
    right: (width - 0.5 - left) * scale,
    bottom: (height - 0.5 - top) * scale,
  };
}

export function locateInput({ face, crop, placement }: CroppedFace): LocateInput {
  const { left, top, scale } = placement;
  const box = face.answer?.box ?? { x: 0, y: 0, width: crop.width, height: crop.height };
  return {
    picture: crop,
    box: {
      x: (box.x - left) * scale,
      y: (box.y - top) * scale,
      width: box.width * scale,
      height: box.height * scale,
    },
    rotation: face.rotation,
  };
}

export function locatedFace(cropped: CroppedFace, inCrop: FaceGeometry): LocatedFace {
  const { left, top, scale } = cropped.placement;
  const toPhoto = { a: 1 / scale, b: 0, c: left, d: 0, e: 1 / scale, f: top };
  return { ...cropped, inCrop, inPhoto: mapGeometry(inCrop, toPhoto) };
}
