import type { FaceDetector } from '@mien/vision';
import type { BenchmarkContext } from '../harness';
import { rounded } from '../statistics';
import { canvases } from './canvas';
import { overlap, type PortraitFace } from './faces';
import { randomNumbers, shuffled } from './random';

/** Boxes that share this much with a face's own found it. */
const FOUND = 0.4;

/** Faces of each size, and how many of them are measured. */
const SIZES = [
  [20, 1440],
  [24, 960],
  [32, 1440],
  [48, 960],
  [64, 960],
  [96, 480],
  [128, 480],
  [200, 480],
] as const;

export interface RecallFigure {
  readonly size: number;
  readonly faces: number;
  readonly recall: number;
}

/** Recall by face size, each size at the scale that asking for just that size gives. */
export async function measureRecall(
  detector: FaceDetector,
  faces: readonly PortraitFace[],
  context: BenchmarkContext,
): Promise<RecallFigure[]> {
  const figures: RecallFigure[] = [];
  for (const [size, count] of SIZES) {
    const random = randomNumbers(size);
    const chosen = shuffled(faces, random).slice(0, count);
    let found = 0;
    let done = 0;
    for await (const { picture, truth } of canvases(
      chosen,
      { faceSize: size, degrees: 0, most: 48 },
      random,
    )) {
      const options = { minFaceSize: size, maxFaces: 120, rotationSearch: false };
      const boxes = (await detector.detect(picture, options)).map(({ box }) => box);
      found += truth.filter((face) => boxes.some((box) => overlap(box, face) >= FOUND)).length;
      done += truth.length;
      context.progress(`faces of ${size} px`, done, chosen.length);
    }
    const recall = found / chosen.length;
    context.print(`${size} px: ${found} of ${chosen.length} found (${(recall * 100).toFixed(2)} %)`);
    figures.push({ size, faces: chosen.length, recall: rounded(recall, 4) });
  }
  return figures;
}
