import type { Box } from '../../detection/box';
import type { FaceDetector } from '../../detection/face-detector';
import { contextCrop, livenessCrop } from '../../image/crop';
import type { RgbImage } from '../../image/rgb-image';
import type { FaceToJudge } from '../face-to-judge';
import { centreOf } from './source-photo';

/** The detected face that is nearest to a point, of 40 pixels at least; undefined when there is none. */
export async function nearestFace(
  detector: FaceDetector,
  photo: RgbImage,
  point: { x: number; y: number },
): Promise<Box | undefined> {
  const found = await detector.detect(photo, { minFaceSize: 40, maxFaces: 20, rotationSearch: false });
  const distance = (box: Box): number => Math.hypot(centreOf(box).x - point.x, centreOf(box).y - point.y);
  return found.map(({ box }) => box).sort((a, b) => distance(a) - distance(b))[0];
}

/** The face as the stages before would hand it over, without a mesh. */
export function faceToJudge(
  photo: RgbImage,
  box: Box,
  crop: { factor: number; pixels: number },
): FaceToJudge {
  return {
    box,
    photo,
    context: contextCrop(photo, box),
    liveness: livenessCrop(photo, box, crop.factor, crop.pixels),
    mesh: [],
  };
}
