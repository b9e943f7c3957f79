/**
 * Measures what is usual among the labelled LFW people (usual-face.ts) and fits the smile curve (smile.ts):
 * `node dist/attributes/calibration/fit-geometry.js` (LFW_DIR names the photos). The numbers go into those files.
 */
import { defaultManifestPath, loadPack } from '@mien/models';
import { headPose } from '../../landmarks/head-pose';
import { type FaceView, faceView, squarePicture } from '../face-view';
import { proportions } from '../geometry/proportions';
import { asymmetry } from '../geometry/symmetry';
import { ExpressionNetwork } from '../networks/expression';
import { skinUnevenness } from '../skin';
import { mouthShape } from '../smile';
import { unusualness } from '../unusualness';
import { appearanceLabels } from './labels';
import { lfwFolder, photoPath } from './lfw';
import { FaceFinder } from './samples';
import { readPhoto } from './variants';

/** Only heads turned by less say something about proportions, degrees. */
const FACING = 25;

interface Measured {
  readonly view: FaceView;
  readonly happy: number;
}

async function main(): Promise<void> {
  const folder = lfwFolder(process.env['LFW_DIR']);
  if (!folder) {
    throw new Error('LFW_DIR should name a folder with LFW View 1');
  }
  const pack = loadPack(defaultManifestPath());
  const finder = await FaceFinder.open(pack, { threads: 1 });
  const network = await ExpressionNetwork.open(pack, { threads: 1 });
  const { cropScale, labels } = network.model.expression;
  const measured: Measured[] = [];
  for (const name of appearanceLabels('train').keys()) {
    const face = await finder.central(await readPhoto(photoPath(folder, name)));
    if (face) {
      const view = faceView(face);
      const [emotions] = await network.run([squarePicture(view, cropScale, network.side)]);
      measured.push({ view, happy: emotions?.[labels.indexOf('happy')] ?? 0 });
    }
  }
  await finder.close();
  await network.close();
  usual(measured.filter(({ view }) => Math.abs(headPose(view.mesh).yaw) < FACING));
  smile(measured);
}

function usual(measured: readonly Measured[]): void {
  const rows = measured.map(({ view }) => proportions(view.mesh));
  const usualProportions = (rows[0] ?? []).map((_, place) => {
    const values = rows.map((row) => row[place] ?? 0);
    return { mean: rounded(mean(values)), spread: rounded(spread(values)) };
  });
  const standing = (values: number[]) => {
    const logs = values.map((value) => Math.log(Math.max(value, 1e-6))).sort((a, b) => a - b);
    return { median: rounded(logs[logs.length >> 1] ?? 0), spread: rounded(spread(logs)) };
  };
  const found = {
    proportions: usualProportions,
    asymmetry: standing(measured.map(({ view }) => asymmetry(view.mesh))),
    unusualness: standing(rows.map((row) => unusualness(row, usualProportions))),
    unevenness: standing(measured.map(({ view }) => skinUnevenness(view))),
  };
  process.stdout.write(`${measured.length} faces\n${JSON.stringify(found, null, 2)}\n`);
}

/** Logistic regression of the happy probability on the mouth's shape, by gradient descent on standardised inputs. */
function smile(measured: readonly Measured[]): void {
  const shapes = measured.map(({ view }) => mouthShape(view.mesh));
  const scale = (values: number[]) => ({ mean: mean(values), spread: spread(values) });
  const width = scale(shapes.map((shape) => shape.width));
  const lift = scale(shapes.map((shape) => shape.lift));
  let [a, b, c] = [0, 0, 0];
  for (let step = 0; step < 3000; step++) {
    let [da, db, dc] = [0, 0, 0];
    shapes.forEach((shape, index) => {
      const [u, v] = [(shape.width - width.mean) / width.spread, (shape.lift - lift.mean) / lift.spread];
      const error = 1 / (1 + Math.exp(-(a * u + b * v + c))) - (measured[index]?.happy ?? 0);
      da += error * u;
      db += error * v;
      dc += error;
    });
    a -= (2 * da) / shapes.length;
    b -= (2 * db) / shapes.length;
    c -= (2 * dc) / shapes.length;
  }
  const curve = {
    width: rounded(a / width.spread),
    lift: rounded(b / lift.spread),
    offset: rounded(c - (a * width.mean) / width.spread - (b * lift.mean) / lift.spread),
  };
  const given = shapes.map(
    (shape) => 1 / (1 + Math.exp(-(curve.width * shape.width + curve.lift * shape.lift + curve.offset))),
  );
  const happy = measured.map((face) => face.happy);
  process.stdout.write(
    `smile ${JSON.stringify(curve)}, correlation with happy ${correlation(given, happy).toFixed(3)}\n`,
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function spread(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [ma, mb] = [mean(a), mean(b)];
  return mean(a.map((value, i) => (value - ma) * ((b[i] ?? 0) - mb))) / (spread(a) * spread(b));
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
