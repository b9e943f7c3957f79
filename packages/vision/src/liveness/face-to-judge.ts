import type { BoundingBox } from '@mien/proto';
import type { CropPicture } from '../image/crop';
import type { CropRegions } from './signals/regions';

/** A face as the liveness judge takes it. */
export interface FaceToJudge {
  /** The detector's box, pixels of the photo. */
  readonly box: BoundingBox;
  /** Size of the whole photo in pixels. */
  readonly photo: { readonly width: number; readonly height: number };
  /** The square around the face that contextCrop cuts. */
  readonly context: CropPicture;
  /** The square that livenessCrop cuts for the pack's model. */
  readonly liveness: CropPicture;
  /** x, y, z of each mesh point in pixels of the photo; empty when the face has no mesh. */
  readonly mesh: ArrayLike<number>;
}

/** Where the face and the photo's own edges lie in the context crop. */
export function regionsOf(face: FaceToJudge): CropRegions {
  const { left, top, scale, image } = face.context;
  const toX = (x: number): number => Math.round((x - left) * scale);
  const toY = (y: number): number => Math.round((y - top) * scale);
  const { box, photo } = face;
  return {
    face: {
      left: toX(box.x),
      top: toY(box.y),
      right: toX(box.x + box.width),
      bottom: toY(box.y + box.height),
    },
    photo: {
      left: Math.max(0, Math.ceil(-left * scale)),
      top: Math.max(0, Math.ceil(-top * scale)),
      right: Math.min(image.width, Math.floor((photo.width - 1 - left) * scale) + 1),
      bottom: Math.min(image.height, Math.floor((photo.height - 1 - top) * scale) + 1),
    },
  };
}
