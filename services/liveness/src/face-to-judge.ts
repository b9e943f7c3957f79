import { MienError } from '@mien/errors';
import type { Crop, FaceOnLine, Photo } from '@mien/proto';
import { type CropPicture, type FaceToJudge, rgbImage } from '@mien/vision';

/** A face of a job as the judge takes it. Throws INTERNAL when the detector left out its box or a crop. */
export function faceToJudge(photo: Photo, { answer, context, liveness, mesh }: FaceOnLine): FaceToJudge {
  if (!answer?.box) {
    throw new MienError('INTERNAL', 'a face came to the liveness stage without a box');
  }
  return {
    box: answer.box,
    photo: { width: photo.width, height: photo.height },
    context: cropPicture(context),
    liveness: cropPicture(liveness),
    mesh,
  };
}

function cropPicture(crop: Crop | undefined): CropPicture {
  if (crop?.pixels?.$case !== 'rgb') {
    throw new MienError('INTERNAL', 'a face came to the liveness stage without its pixels');
  }
  const { pixels, width, height, left, top, scale } = crop;
  return { image: rgbImage(pixels.value, width, height), left, top, scale };
}
