import { loadPack } from '@mien/models';
import { FaceDetector } from '@mien/vision';
import { lfwFolder } from '../photos/lfw';
import { defaultModelPack } from '../photos/repository';
import { testFaces } from './detection/faces';
import { type FalseFaceFigures, measureFalseFaces } from './detection/false-faces';
import { measurePackaged } from './detection/packaged';
import { measureRecall, type RecallFigure } from './detection/recall';
import { measureRotation } from './detection/rotation';
import { measureSpeed } from './detection/speed';
import type { Benchmark, BenchmarkContext, Outcome } from './harness';
import { rounded } from './statistics';

const GOAL = { recallAt20: 0.95, recallFrom32: 0.995, falsePerHundred: 1, turned: 0.95 } as const;

export const benchmark: Benchmark = {
  name: 'detection',
  goal:
    `on canvases of LFW's test people recall ${GOAL.recallAt20} or better at 20 px and ${GOAL.recallFrom32} from 32 px ` +
    `up; under ${GOAL.falsePerHundred} false face per 100 true ones on tight crops and pictures without people; exactly ` +
    `the 22 faces of the packaged photos; ${GOAL.turned} of 96 px faces turned by 45, 90 and 180 degrees found with ` +
    'rotation search',
  async run(context) {
    const folder = lfwFolder(process.env['LFW_DIR']);
    const manifest = defaultModelPack();
    const detector = await FaceDetector.open(loadPack(manifest), { threads: 1 });
    try {
      return await measure(folder, detector, context);
    } finally {
      await detector.close();
    }
  },
};

async function measure(folder: string, detector: FaceDetector, context: BenchmarkContext): Promise<Outcome> {
  const packaged = await measurePackaged(detector, context);
  const speed = await measureSpeed(detector, context);
  const { faces, photos } = await testFaces(folder, detector, context);
  context.print(`${photos} photos of the test people, ${faces.length} with a face at the centre`);
  const recall = await measureRecall(detector, faces, context);
  const falseFaces = await measureFalseFaces(detector, faces, context);
  const rotation = await measureRotation(detector, faces, context);
  const falsePerHundred = falseFacesPerHundred(falseFaces);
  const pass =
    packaged.exact &&
    faces.length === photos &&
    recall.every(reached) &&
    falsePerHundred < GOAL.falsePerHundred &&
    rotation.every(({ found }) => found >= GOAL.turned);
  return {
    pass,
    figures: {
      packaged: packaged.found,
      packagedWithRotationSearch: packaged.withRotationSearch,
      centralFaces: rounded(faces.length / photos, 4),
      recall: Object.fromEntries(recall.map((figure) => [figure.size, figure.recall])),
      falsePerHundred: rounded(falsePerHundred, 3),
      ...falseFaces,
      rotation,
      speed,
    },
  };
}

function reached({ size, recall }: RecallFigure): boolean {
  if (size < 32) {
    return recall >= GOAL.recallAt20;
  }
  return recall >= GOAL.recallFrom32;
}

/** False boxes of both kinds of picture for each hundred faces that the tight crops gave. */
function falseFacesPerHundred({ tightFalse, peoplelessFalse, tightFound }: FalseFaceFigures): number {
  return ((tightFalse + peoplelessFalse) * 100) / Math.max(1, tightFound);
}
