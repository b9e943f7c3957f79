import type { ScoreCalibration } from '@mien/vision';
import type { AllPairs } from './cosine-pairs';
import { rateAt } from './false-accepts';

/** Prints what each knot of a calibration lets through, and whom it turns away. */
export function printTable({ impostor, genuine }: AllPairs, { knots }: ScoreCalibration): void {
  console.log(`${impostor.cosines.length} impostor pairs, ${genuine.cosines.length} genuine pairs`);
  console.log('score  cosine   false accepts  false rejects');
  for (const { score, cosine } of knots) {
    const accepts = rateAt(cosine, impostor).toExponential(2);
    const rejects = (1 - rateAt(cosine, genuine)).toFixed(4);
    console.log(
      `${String(score).padStart(5)}  ${cosine.toFixed(4).padStart(7)}  ${accepts.padStart(13)}  ${rejects.padStart(13)}`,
    );
  }
}
