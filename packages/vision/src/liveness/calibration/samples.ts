import { readFileSync } from 'node:fs';
import type { FaceDetector } from '../../detection/face-detector';
import type { RgbImage } from '../../image/rgb-image';
import type { Evidence } from '../combination';
import type { LivenessJudge } from '../liveness-judge';
import { ATTACKS, drawAttack } from './attacks';
import { decode } from './camera';
import { CONTROLS, drawControl } from './controls';
import { faceToJudge, nearestFace } from './faces';
import type { GeneratorParameters } from './parameters';
import { Random } from './random';
import { centreOf, type DrawnPhoto, longerSide, type SourcePhoto, withoutWedges } from './source-photo';

/** One judged picture of the calibration. */
export interface Sample {
  readonly kind: string;
  readonly live: boolean;
  /** Shorter side of the found face box, pixels. */
  readonly faceSize: number;
  readonly evidence: Evidence;
}

/** What the calibration works with. */
export interface Bench {
  readonly detector: FaceDetector;
  readonly judge: LivenessJudge;
  readonly crop: { readonly factor: number; readonly pixels: number };
}

/** Reads photos and finds the face in the middle of each; those without one are left out. */
export async function readSources(files: readonly string[], detector: FaceDetector): Promise<SourcePhoto[]> {
  const sources: SourcePhoto[] = [];
  for (const file of files) {
    const image = await decode(readFileSync(file));
    const face = await nearestFace(detector, image, { x: image.width / 2, y: image.height / 2 });
    if (face) {
      sources.push({ image, face });
    }
  }
  return sources;
}

/** Photos as they are, wedges and all, count as this kind. */
export const UNTOUCHED = 'untouched';

/** What to draw. */
export interface DrawingPlan {
  readonly parameters: GeneratorParameters;
  /** Pictures of each kind, each of another person. */
  readonly perKind: number;
  readonly seed: number;
  /** The kinds to draw; all when left out. */
  readonly kinds?: readonly string[];
}

/**
 * `perKind` pictures of every attack and control and of the untouched photos. A picture on which the face is not
 * found again is left out: such an attack fails before it is judged.
 */
export async function* drawSamples(
  sources: readonly SourcePhoto[],
  { parameters, perKind, seed, kinds }: DrawingPlan,
  bench: Bench,
): AsyncGenerator<Sample> {
  const clean = sources.flatMap((source) => withoutWedges(source) ?? []);
  const draw: [string, boolean, (source: SourcePhoto, random: Random) => Promise<DrawnPhoto>][] = [
    ...ATTACKS.map((attack): (typeof draw)[number] => [
      attack,
      false,
      (source, random) => drawAttack(attack, source, clean, parameters, random),
    ]),
    ...CONTROLS.map((control): (typeof draw)[number] => [
      control,
      true,
      (source, random) => drawControl(control, source, clean, parameters, random),
    ]),
    [UNTOUCHED, true, async ({ image, face }) => ({ image, centre: centreOf(face) })],
  ];
  for (const [index, [kind, live, drawOne]] of draw.entries()) {
    if (kinds && !kinds.includes(kind)) {
      continue;
    }
    const random = new Random(seed * 1000 + index);
    for (const source of random.shuffle(kind === UNTOUCHED ? sources : clean).slice(0, perKind)) {
      const sample = await judgeDrawn(await drawOne(source, random), bench);
      if (sample) {
        yield { kind, live, ...sample };
      }
    }
  }
}

async function judgeDrawn(
  { image, centre }: DrawnPhoto,
  bench: Bench,
): Promise<Pick<Sample, 'faceSize' | 'evidence'> | undefined> {
  const box = await nearestFace(bench.detector, image, centre);
  if (!box || Math.hypot(centreOf(box).x - centre.x, centreOf(box).y - centre.y) > longerSide(box) / 3) {
    return undefined;
  }
  const evidence = await evidenceOf(image, box, bench);
  return evidence && { faceSize: Math.min(box.width, box.height), evidence };
}

async function evidenceOf(
  image: RgbImage,
  box: SourcePhoto['face'],
  bench: Bench,
): Promise<Evidence | undefined> {
  const [evidence] = await bench.judge.evidence([faceToJudge(image, box, bench.crop)]);
  return evidence;
}
