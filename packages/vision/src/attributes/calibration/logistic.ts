/** Samples of one trait: inputs row by row, the class of each, how much each counts. */
export interface TrainingSet {
  readonly inputs: readonly Float32Array[];
  readonly classes: readonly number[];
  readonly weights: readonly number[];
}

/** A multinomial logistic classifier: per class one weight an input, and one constant more at the end. */
export type LogisticModel = readonly Float64Array[];

const STEPS = 250;
/** Relative fall of the loss over ten steps at which training stops. */
const ENOUGH = 2e-4;

export function scores(model: LogisticModel, input: Float32Array): number[] {
  return model.map((row) => {
    let sum = row[input.length] ?? 0;
    for (let i = 0; i < input.length; i++) {
      sum += (row[i] ?? 0) * (input[i] ?? 0);
    }
    return sum;
  });
}

/**
 * Fits by accelerated gradient descent (Nesterov, restarted when the loss rises; the softmax's
 * curvature is at most half the inputs'), from `start` or from zero: weighted cross-entropy plus
 * `decay` / 2 times the squared weights, the constants left out. Inputs should have a variance of about one.
 */
export function fitLogistic(
  set: TrainingSet,
  classCount: number,
  decay: number,
  start?: LogisticModel,
): LogisticModel {
  const { inputs, classes, weights } = set;
  const size = inputs[0]?.length ?? 0;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const zeros = () => Array.from({ length: classCount }, () => new Float64Array(size + 1));
  let model = start ? start.map((row) => row.slice()) : zeros();
  let ahead = model;
  let momentum = 1;
  let rate = 2 / (largestCurvature(set, size, total) + decay / total);
  let before = Number.POSITIVE_INFINITY;
  let reference = Number.POSITIVE_INFINITY;
  for (let step = 1; step <= STEPS; step++) {
    const gradient = zeros();
    let loss = 0;
    inputs.forEach((input, index) => {
      const weight = (weights[index] ?? 0) / total;
      const given = scores(ahead, input);
      const highest = Math.max(...given);
      const exps = given.map((score) => Math.exp(score - highest));
      const sum = exps.reduce((all, value) => all + value, 0);
      const truth = classes[index] ?? 0;
      loss -= weight * Math.log((exps[truth] ?? 0) / sum + 1e-12);
      exps.forEach((value, k) => {
        const row = gradient[k];
        const push = weight * (value / sum - (k === truth ? 1 : 0));
        if (row) {
          for (let i = 0; i < size; i++) {
            row[i] = (row[i] ?? 0) + push * (input[i] ?? 0);
          }
          row[size] = (row[size] ?? 0) + push;
        }
      });
    });
    loss += (decay / total / 2) * ahead.reduce((sum, row) => sum + squares(row.subarray(0, size)), 0);
    if (loss > before) {
      // Too far: back to the last model, without momentum.
      momentum = 1;
      rate *= 0.7;
      ahead = model;
      before = Number.POSITIVE_INFINITY;
      continue;
    }
    before = loss;
    const next = ahead.map((row, k) =>
      row.map((w, i) => w - rate * ((gradient[k]?.[i] ?? 0) + (i < size ? (decay / total) * w : 0))),
    );
    const grown = (1 + Math.sqrt(1 + 4 * momentum * momentum)) / 2;
    const push = (momentum - 1) / grown;
    const last = model;
    ahead = next.map((row, k) => row.map((w, i) => w + push * (w - (last[k]?.[i] ?? 0))));
    model = next;
    momentum = grown;
    if (step % 10 === 0) {
      if (loss <= reference && reference - loss < ENOUGH * loss) {
        break;
      }
      reference = loss;
    }
  }
  return model;
}

/** Largest eigenvalue of the inputs' weighted second moment, by power iteration. */
function largestCurvature({ inputs, weights }: TrainingSet, size: number, total: number): number {
  let direction = Float64Array.from({ length: size }, (_, i) => Math.cos(i * i) / Math.sqrt(size));
  let length = 1;
  for (let round = 0; round < 20; round++) {
    const next = new Float64Array(size);
    inputs.forEach((input, index) => {
      let along = 0;
      for (let i = 0; i < size; i++) {
        along += (input[i] ?? 0) * (direction[i] ?? 0);
      }
      const push = (along * (weights[index] ?? 0)) / total;
      for (let i = 0; i < size; i++) {
        next[i] = (next[i] ?? 0) + push * (input[i] ?? 0);
      }
    });
    length = Math.sqrt(squares(next));
    direction = next.map((value) => value / length);
  }
  // The constant adds one; iteration comes from below.
  return 1 + 1.2 * length;
}

function squares(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value * value, 0);
}
