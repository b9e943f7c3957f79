import type { BoundingBox } from '@mien/proto';
import type { CropPicture } from '../image/crop';
import type { RgbImage } from '../image/rgb-image';
import { eyeLineRoll, type Mesh, mapPoints } from '../landmarks/mesh';
import { type Region, scaleRegion } from '../landmarks/region';
import { regionPicture } from '../landmarks/region-picture';

/** A face to describe. */
export interface AttributeInput {
  /** The context crop that the detector cut. */
  readonly context: CropPicture;
  /** The detector's box, in pixels of the photo. */
  readonly box: BoundingBox;
  /** 468 x (x, y, z), in pixels of the photo. */
  readonly mesh: ArrayLike<number>;
}

/** A face in the pixels of its context crop. */
export interface FaceView {
  readonly picture: RgbImage;
  readonly mesh: Mesh;
  /** The square around the detector's box, turned so that the eyes are level. */
  readonly square: Region;
  /** Longer side of the face's box, in pixels of the photo as it came. */
  readonly photoSide: number;
}

/** Carries a face into the pixels of its crop. */
export function faceView({ context, box, mesh }: AttributeInput): FaceView {
  const { left, top, scale, image } = context;
  const inCrop = Float32Array.from(mesh);
  mapPoints(inCrop, { a: scale, b: 0, c: -left * scale, d: 0, e: scale, f: -top * scale });
  const photoSide = Math.max(box.width, box.height);
  return {
    picture: image,
    mesh: inCrop,
    square: {
      x: (box.x + box.width / 2 - left) * scale,
      y: (box.y + box.height / 2 - top) * scale,
      side: photoSide * scale,
      roll: eyeLineRoll(inCrop),
    },
    photoSide,
  };
}

/** The upright square around the face, `factor` times the box's longer side wide, on `size` x `size` pixels. */
export function squarePicture({ picture, square }: FaceView, factor: number, size: number): RgbImage {
  return regionPicture(picture, scaleRegion(square, factor), size);
}
