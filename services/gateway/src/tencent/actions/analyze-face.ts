import { type Face, type FaceLandmarks, Role } from '@mien/proto';
import { z } from 'zod';
import { action } from '../action';
import { CURRENT } from '../face-model-names';
import * as field from '../schema/fields';
import { points, pointsOf } from '../schema/structures';
import { facesIn } from './faces-in';

const MOST_FACES = 10;

const shape = z.object({
  FaceProfile: points.length(21),
  LeftEye: points.length(8),
  RightEye: points.length(8),
  LeftEyeBrow: points.length(8),
  RightEyeBrow: points.length(8),
  Mouth: points.length(22),
  Nose: points.length(13),
  LeftPupil: points.length(1),
  RightPupil: points.length(1),
});

export const analysis = {
  ...field.photo,
  /** 0 all faces, 1 the largest. */
  Mode: field.integer(0, 1).default(0),
  FaceModelVersion: field.modelVersion,
  NeedRotateDetection: field.flag,
};

export const analyzeFace = action({
  role: Role.ROLE_READ,
  request: z.object(analysis),
  response: z.object({
    ImageWidth: z.int(),
    ImageHeight: z.int(),
    FaceShapeSet: z.array(shape),
    FaceModelVersion: z.string(),
  }),
  answer: async (request, context) => {
    const image = await context.photo(request);
    const found = await facesIn(image, context, {
      maxFaces: request.Mode === 1 ? 1 : MOST_FACES,
      rotationSearch: request.NeedRotateDetection,
      features: { landmarks: true },
    });
    return {
      ImageWidth: found.imageWidth,
      ImageHeight: found.imageHeight,
      FaceShapeSet: found.faces.flatMap(shapeOf),
      FaceModelVersion: CURRENT,
    };
  },
});

/** The groups, and the order of their points, are the same in both interfaces. */
function shapeOf({ landmarks }: Face): z.input<typeof shape>[] {
  return landmarks === undefined ? [] : [groupsOf(landmarks)];
}

function groupsOf(landmarks: FaceLandmarks): z.input<typeof shape> {
  return {
    FaceProfile: pointsOf(landmarks.faceProfile),
    LeftEye: pointsOf(landmarks.leftEye),
    RightEye: pointsOf(landmarks.rightEye),
    LeftEyeBrow: pointsOf(landmarks.leftEyebrow),
    RightEyeBrow: pointsOf(landmarks.rightEyebrow),
    Mouth: pointsOf(landmarks.mouth),
    Nose: pointsOf(landmarks.nose),
    LeftPupil: pointsOf(landmarks.leftPupil),
    RightPupil: pointsOf(landmarks.rightPupil),
  };
}
