import { softmax } from '../probability';

/** A linear classifier over descriptors as it is written down. */
export interface HeadParameters {
  /** What it tells apart. */
  readonly classes: readonly string[];
  /** How common each class was among the people that it was trained on. */
  readonly prior: readonly number[];
  /** One a class. */
  readonly bias: readonly number[];
  /** Weight = `weightScale` of its class x the signed byte in `weights`. */
  readonly weightScale: readonly number[];
  /** Base64 of signed bytes: for each class one weight for each number of the descriptor. */
  readonly weights: string;
}

/** A classifier that reads one trait from a descriptor: logistic regression, calibrated. */
export class AppearanceHead {
  readonly prior: readonly number[];
  private readonly classes: readonly string[];
  private readonly bias: readonly number[];
  private readonly weights: Float32Array;

  constructor(parameters: HeadParameters) {
    const { classes, prior, bias, weightScale, weights } = parameters;
    this.classes = classes;
    this.prior = prior;
    this.bias = bias;
    const bytes = Buffer.from(weights, 'base64');
    const inputs = bytes.length / classes.length;
    this.weights = Float32Array.from({ length: bytes.length }, (_, index) => {
      return bytes.readInt8(index) * (weightScale[Math.floor(index / inputs)] ?? 0);
    });
  }

  /** How many numbers a descriptor must have. */
  get inputs(): number {
    return this.weights.length / this.classes.length;
  }

  /** Probability of each class, in the order of the parameters' `classes`. */
  judge(descriptor: Float32Array): number[] {
    const { inputs, weights } = this;
    return softmax(
      this.bias.map((bias, row) => {
        let sum = bias;
        for (let i = 0, at = row * inputs; i < inputs; i++, at++) {
          sum += (weights[at] ?? 0) * (descriptor[i] ?? 0);
        }
        return sum;
      }),
    );
  }
}
