import { CHANNELS } from './appearance';
import type { AppearanceModel } from './appearance-model';
import { solvePositive } from './linear-system';

/** How a face compares with the uncovered face that explains it best. */
export interface AppearanceFit {
  /** Of each vertex: how far it is from that face, in units of what faces differ by. */
  readonly strangeness: Float64Array;
  /** How far that face is from the mean face: the sum of squares of its components in their own deviations. */
  readonly oddity: number;
}

export interface FitSettings {
  /** Weight of each vertex, 0..1; 0 leaves it out. */
  readonly weights: Float64Array;
  /** From which strangeness on a vertex counts less, pass by pass. */
  readonly tolerances: readonly number[];
  /** How strongly the face is drawn to the mean face. */
  readonly prior: number;
}

/**
 * Finds the uncovered face of `model` that explains most of an appearance: regularised least squares, its vertices
 * re-weighted in each pass by how little they fit (Geman-McClure weights), so that what is covered stops counting.
 */
export function fitAppearance(
  model: AppearanceModel,
  appearance: Float32Array,
  settings: FitSettings,
): AppearanceFit {
  const values = standardised(model, appearance);
  let components = solve(model, values, settings.weights, settings.prior);
  let strangeness = strangenessOf(model, values, components);
  for (const tolerance of settings.tolerances) {
    const weights = settings.weights.map((weight, vertex) => {
      const ratio = (strangeness[vertex] ?? 0) / tolerance;
      return weight / (1 + ratio * ratio) ** 2;
    });
    components = solve(model, values, weights, settings.prior);
    strangeness = strangenessOf(model, values, components);
  }
  const oddity = components.reduce((sum, value, at) => sum + (value * value) / (model.variance[at] ?? 1), 0);
  return { strangeness, oddity };
}

function standardised(model: AppearanceModel, appearance: Float32Array): Float64Array {
  return model.mean.map((mean, at) => ((appearance[at] ?? 0) - mean) / (model.noise[at] ?? 1));
}

/** Vertices with less weight than this are left out of the sums. */
const NEGLIGIBLE = 1e-3;

function solve(
  model: AppearanceModel,
  values: Float64Array,
  weights: Float64Array,
  prior: number,
): Float64Array {
  const { basis, components, products } = model;
  const triangle = (components * (components + 1)) / 2;
  const sums = new Float64Array(triangle);
  const right = new Float64Array(components);
  for (let vertex = 0; vertex < weights.length; vertex++) {
    const weight = weights[vertex] ?? 0;
    if (weight < NEGLIGIBLE) continue;
    const start = vertex * triangle;
    for (let at = 0; at < triangle; at++) {
      sums[at] = (sums[at] ?? 0) + weight * (products[start + at] ?? 0);
    }
    for (let number = vertex * CHANNELS; number < (vertex + 1) * CHANNELS; number++) {
      const value = (values[number] ?? 0) * weight;
      for (let row = 0; row < components; row++) {
        right[row] = (right[row] ?? 0) + value * (basis[number * components + row] ?? 0);
      }
    }
  }
  const matrix = new Float64Array(components * components);
  for (let row = 0, at = 0; row < components; row++) {
    for (let column = 0; column <= row; column++, at++) {
      matrix[row * components + column] = sums[at] ?? 0;
    }
    const diagonal = row * components + row;
    matrix[diagonal] = (matrix[diagonal] ?? 0) + prior / (model.variance[row] ?? 1);
  }
  return solvePositive(matrix, right);
}

/** Root mean square of what the components leave over, over the numbers of each vertex. */
function strangenessOf(model: AppearanceModel, values: Float64Array, found: Float64Array): Float64Array {
  const { basis, components, vertices } = model;
  const strangeness = new Float64Array(vertices.length);
  for (let vertex = 0; vertex < strangeness.length; vertex++) {
    let squares = 0;
    for (let number = vertex * CHANNELS; number < (vertex + 1) * CHANNELS; number++) {
      let rest = values[number] ?? 0;
      const start = number * components;
      for (let at = 0; at < components; at++) {
        rest -= (found[at] ?? 0) * (basis[start + at] ?? 0);
      }
      squares += rest * rest;
    }
    strangeness[vertex] = Math.sqrt(squares / CHANNELS);
  }
  return strangeness;
}
