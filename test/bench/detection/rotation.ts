import type { FaceDetector } from '@mien/vision';
import type { BenchmarkContext } from '../harness';
import { rounded } from '../statistics';
import { canvases } from './canvas';
import type { PortraitFace } from './faces';
import { randomNumbers, shuffled } from './random';

const FACE_SIZE = 96;
const FACES = 180;
const ANGLES = [45, 90, 180] as const;

export interface RotationFigure {
  readonly degrees: number;
  readonly found: number;
  /** Share of the found ones for which the turn to upright was right, to the nearest quarter. */
  readonly turnRight: number;
}

/** Recall on faces turned in the picture, with rotation search on. */
export async function measureRotation(
  detector: FaceDetector,
  faces: readonly PortraitFace[],
  context: BenchmarkContext,
): Promise<RotationFigure[]> {
  const figures: RotationFigure[] = [];
  for (const degrees of ANGLES) {
    const random = randomNumbers(degrees);
    const chosen = shuffled(faces, random).slice(0, FACES);
    let found = 0;
    let turnRight = 0;
    let done = 0;
    for await (const { picture, truth } of canvases(
      chosen,
      { faceSize: FACE_SIZE, degrees, most: 12 },
      random,
    )) {
      const options = { minFaceSize: FACE_SIZE, maxFaces: 120, rotationSearch: true };
      const detections = await detector.detect(picture, options);
      for (const face of truth) {
        const hit = detections.find(({ box }) => isSame(box, face));
        found += hit ? 1 : 0;
        turnRight += hit && residual(degrees, hit.rotation) <= 45 ? 1 : 0;
      }
      done += truth.length;
      context.progress(`turned by ${degrees} degrees`, done, chosen.length);
    }
    context.print(
      `turned by ${degrees} degrees: ${found} of ${chosen.length} found, the way up right for ${turnRight}`,
    );
    figures.push({
      degrees,
      found: rounded(found / chosen.length, 4),
      turnRight: rounded(turnRight / Math.max(1, found), 4),
    });
  }
  return figures;
}

/** Boxes of slanted faces have no agreed extent: the centre has to be right, and the size by a factor of 1.7. */
function isSame(box: { x: number; y: number; width: number; height: number }, face: typeof box): boolean {
  const offset = Math.hypot(
    box.x + box.width / 2 - (face.x + face.width / 2),
    box.y + box.height / 2 - (face.y + face.height / 2),
  );
  const growth = Math.max(box.width, box.height) / FACE_SIZE;
  return offset < FACE_SIZE * 0.35 && growth > 1 / 1.7 && growth < 1.7;
}

/** Degrees by which the face still leans when the photo is turned by `rotation`. */
function residual(degrees: number, rotation: number): number {
  const left = (degrees + rotation) % 360;
  return Math.min(left, 360 - left);
}
