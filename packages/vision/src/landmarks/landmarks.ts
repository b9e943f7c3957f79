import type { FaceLandmarks, Point } from '@mien/proto';
import type { FaceGeometry } from './face-geometry';
import type { EyeFound, Side } from './iris-model';
import { ALIGNMENT, EYE_OUTLINE, LANDMARK_GROUPS } from './landmark-groups';
import { type Mesh, meshPoint } from './mesh';

/** The 90 points. Eyelids come from the iris model, which sees them larger than the mesh model does. */
export function faceLandmarks(face: FaceGeometry): FaceLandmarks {
  const { mesh, eyes } = face;
  return {
    faceProfile: meshPoints(mesh, LANDMARK_GROUPS.faceProfile),
    leftEye: eyePoints(eyes.left, 'left'),
    rightEye: eyePoints(eyes.right, 'right'),
    leftEyebrow: meshPoints(mesh, LANDMARK_GROUPS.leftEyebrow),
    rightEyebrow: meshPoints(mesh, LANDMARK_GROUPS.rightEyebrow),
    mouth: meshPoints(mesh, LANDMARK_GROUPS.mouth),
    nose: meshPoints(mesh, LANDMARK_GROUPS.nose),
    leftPupil: [irisCentre(eyes.left)],
    rightPupil: [irisCentre(eyes.right)],
  };
}

/** Both eyes' centres (the middle of the lids' outline), the nose tip and both mouth corners. */
export function alignmentPoints(face: FaceGeometry): Point[] {
  const { mesh, eyes } = face;
  return [
    outlineCentre(eyes.left),
    outlineCentre(eyes.right),
    meshPoint(mesh, ALIGNMENT.noseTip),
    meshPoint(mesh, ALIGNMENT.mouthLeft),
    meshPoint(mesh, ALIGNMENT.mouthRight),
  ];
}

/** The centre of the iris. */
export function irisCentre(eye: EyeFound): Point {
  return meshPoint(eye.iris, 0);
}

function meshPoints(mesh: Mesh, indexes: readonly number[]): Point[] {
  return indexes.map((index) => meshPoint(mesh, index));
}

function eyePoints(eye: EyeFound, side: Side): Point[] {
  const group = side === 'left' ? LANDMARK_GROUPS.leftEye : LANDMARK_GROUPS.rightEye;
  const outline: readonly number[] = EYE_OUTLINE[side];
  return group.map((vertex) => meshPoint(eye.outline, outline.indexOf(vertex)));
}

function outlineCentre(eye: EyeFound): Point {
  const points = eye.outline.length / 3;
  let x = 0;
  let y = 0;
  for (let at = 0; at < eye.outline.length; at += 3) {
    x += eye.outline[at] ?? 0;
    y += eye.outline[at + 1] ?? 0;
  }
  return { x: x / points, y: y / points };
}
