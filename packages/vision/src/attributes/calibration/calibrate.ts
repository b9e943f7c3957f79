import { softmax } from '../probability';

/** Scores of a sample, its class and how much it counts. */
export interface Scored {
  readonly scores: readonly number[];
  readonly truth: number;
  readonly weight: number;
}

/** Calibrated score of class k = slope x score + offsets[k]. */
export interface ScoreScale {
  readonly slope: number;
  readonly offsets: readonly number[];
}

const STEPS = 3000;
/** Pull of the offsets towards zero, in samples. */
const OFFSET_DECAY = 1;
/** Relative fall of the loss under which a step ends the search. */
const ENOUGH = 1e-9;

/**
 * Platt's scaling for several classes: one slope and an offset a class, fitted by gradient descent (the step halved
 * where the loss would rise) on the cross-entropy of samples that the classifier was not trained on.
 */
export function fitScale(samples: readonly Scored[], classCount: number): ScoreScale {
  const spread = samples.reduce((most, { scores }) => Math.max(most, ...scores.map(Math.abs)), 1);
  let scale: ScoreScale = { slope: 1, offsets: new Array<number>(classCount).fill(0) };
  let { loss, slopePush, pushes } = lossOf(samples, scale);
  let rate = 8;
  for (let step = 0; step < STEPS && rate > 1e-6; step++) {
    const next: ScoreScale = {
      slope: scale.slope - (rate / (spread * spread)) * slopePush,
      offsets: scale.offsets.map((offset, k) => offset - (rate / 4) * (pushes[k] ?? 0)),
    };
    const there = lossOf(samples, next);
    if (there.loss > loss) {
      rate /= 2;
      continue;
    }
    const done = loss - there.loss < ENOUGH * loss;
    scale = next;
    ({ loss, slopePush, pushes } = there);
    rate *= 1.1;
    if (done) {
      break;
    }
  }
  return scale;
}

export function calibrated({ slope, offsets }: ScoreScale, scores: readonly number[]): number[] {
  return softmax(scores.map((score, k) => slope * score + (offsets[k] ?? 0)));
}

/** Mean cross-entropy with the offsets' pull, and its slopes. */
function lossOf(samples: readonly Scored[], scale: ScoreScale) {
  const total = samples.reduce((sum, { weight }) => sum + weight, 0);
  let loss = 0;
  let slopePush = 0;
  const pushes = scale.offsets.map((offset) => (OFFSET_DECAY / total) * offset);
  for (const { scores, truth, weight } of samples) {
    const given = calibrated(scale, scores);
    loss -= (weight / total) * Math.log((given[truth] ?? 0) + 1e-12);
    given.forEach((probability, k) => {
      const error = (weight / total) * (probability - (k === truth ? 1 : 0));
      slopePush += error * (scores[k] ?? 0);
      pushes[k] = (pushes[k] ?? 0) + error;
    });
  }
  const pull = scale.offsets.reduce((sum, offset) => sum + offset * offset, 0);
  return { loss: loss + (OFFSET_DECAY / total / 2) * pull, slopePush, pushes };
}
