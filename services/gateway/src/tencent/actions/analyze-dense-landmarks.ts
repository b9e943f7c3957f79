import { type Face, Role } from '@mien/proto';
import { z } from 'zod';
import { action } from '../action';
import { CURRENT } from '../face-model-names';
import * as field from '../schema/fields';
import { points, pointsOf, rectOf } from '../schema/structures';
import { analysis } from './analyze-face';
import { DENSE_GROUPS, type DenseGroup } from './dense-groups';
import { facesIn } from './faces-in';

const MOST_FACES = 5;

const shape = z.object({
  X: z.int(),
  Y: z.int(),
  Width: z.int(),
  Height: z.int(),
  LeftEye: points,
  RightEye: points,
  LeftEyeBrow: points,
  RightEyeBrow: points,
  MouthOutside: points,
  MouthInside: points,
  Nose: points,
  LeftPupil: points,
  RightPupil: points,
  CentralAxis: points,
  Chin: points,
  LeftEyeBags: points,
  RightEyeBags: points,
  Forehead: points,
});

export const analyzeDenseLandmarks = action({
  role: Role.ROLE_READ,
  request: z.object({ ...analysis, FaceModelVersion: field.modelVersion }),
  response: z.object({
    ImageWidth: z.int(),
    ImageHeight: z.int(),
    DenseFaceShapeSet: z.array(shape),
    FaceModelVersion: z.string(),
  }),
  answer: async (request, context) => {
    const image = await context.photo(request);
    const found = await facesIn(image, context, {
      maxFaces: request.Mode === 1 ? 1 : MOST_FACES,
      rotationSearch: request.NeedRotateDetection,
      features: { mesh: true, landmarks: true },
    });
    return {
      ImageWidth: found.imageWidth,
      ImageHeight: found.imageHeight,
      DenseFaceShapeSet: found.faces.filter(({ mesh }) => mesh.length > 0).map(shapeOf),
      FaceModelVersion: CURRENT,
    };
  },
});

function shapeOf({ box, mesh, landmarks }: Face): z.input<typeof shape> {
  const group = (name: DenseGroup) => pointsOf(DENSE_GROUPS[name].flatMap((index) => mesh[index] ?? []));
  return {
    ...rectOf(box),
    LeftEye: group('LeftEye'),
    RightEye: group('RightEye'),
    LeftEyeBrow: group('LeftEyeBrow'),
    RightEyeBrow: group('RightEyeBrow'),
    MouthOutside: group('MouthOutside'),
    MouthInside: group('MouthInside'),
    Nose: group('Nose'),
    LeftPupil: pointsOf(landmarks?.leftPupil ?? []),
    RightPupil: pointsOf(landmarks?.rightPupil ?? []),
    CentralAxis: group('CentralAxis'),
    Chin: group('Chin'),
    LeftEyeBags: group('LeftEyeBags'),
    RightEyeBags: group('RightEyeBags'),
    Forehead: group('Forehead'),
  };
}
