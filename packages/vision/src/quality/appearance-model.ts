import { CHANNELS } from './appearance';
import {
  BASIS,
  BASIS_SCALES,
  COMPONENTS,
  MEANS,
  NOISES,
  NORMALS,
  PARTS,
  SPREADS,
  UPPER,
  VARIANCES,
  VERTICES,
} from './appearance-parameters';

/** The parts of a face whose completeness is told, in the order of mien.v1.Completeness. */
export const FACE_PARTS = ['eyebrow', 'eye', 'nose', 'cheek', 'mouth', 'chin'] as const;
export type FacePart = (typeof FACE_PARTS)[number];

/**
 * How uncovered faces look at their mesh vertices: a mean, the directions in which light, skin and features vary, and
 * what is left over. Units are those of appearance.ts; how it was made is told in models/cards/quality.md.
 */
export interface AppearanceModel {
  /** Mesh vertices that are looked at. */
  readonly vertices: readonly number[];
  /** The part that each belongs to; undefined for forehead, temples and the outline. */
  readonly parts: readonly (FacePart | undefined)[];
  /** Whether each lies on forehead, brows or eyes. */
  readonly upper: readonly boolean[];
  /** Which way the skin faces at each vertex on a head that looks straight ahead: x, y, z. */
  readonly normals: Float64Array;
  readonly components: number;
  /** Of each number: what is subtracted, and what the rest is divided by to have noise of 1. */
  readonly mean: Float64Array;
  readonly noise: Float64Array;
  /** Of each number in turn: its share of every component, in units of its noise. */
  readonly basis: Float64Array;
  /** Of each vertex: the lower triangle of the products of its shares, summed over its numbers. */
  readonly products: Float64Array;
  /** How much each component varies from face to face. */
  readonly variance: Float64Array;
}

/** The model that comes with this package. */
export const FACE_APPEARANCE: AppearanceModel = decode();

function decode(): AppearanceModel {
  const relativeNoise = floats(NOISES);
  const basis = Buffer.from(BASIS, 'base64');
  const numbers = VERTICES.length * CHANNELS;
  const scaled = new Float64Array(numbers * COMPONENTS);
  for (let number = 0; number < numbers; number++) {
    for (let component = 0; component < COMPONENTS; component++) {
      const at = number * COMPONENTS + component;
      scaled[at] = (basis.readInt8(at) * (BASIS_SCALES[component] ?? 0)) / (relativeNoise[number] ?? 1);
    }
  }
  return {
    vertices: VERTICES,
    parts: PARTS.map((part) => FACE_PARTS[part]),
    upper: UPPER.map((upper) => upper === 1),
    normals: floats(NORMALS),
    components: COMPONENTS,
    mean: floats(MEANS),
    noise: relativeNoise.map((noise, number) => noise * (SPREADS[number % CHANNELS] ?? 1)),
    basis: scaled,
    products: products(scaled),
    variance: Float64Array.from(VARIANCES),
  };
}

function products(basis: Float64Array): Float64Array {
  const triangle = (COMPONENTS * (COMPONENTS + 1)) / 2;
  const sums = new Float64Array(VERTICES.length * triangle);
  for (let number = 0; number < VERTICES.length * CHANNELS; number++) {
    const start = number * COMPONENTS;
    let at = Math.floor(number / CHANNELS) * triangle;
    for (let row = 0; row < COMPONENTS; row++) {
      for (let column = 0; column <= row; column++, at++) {
        sums[at] = (sums[at] ?? 0) + (basis[start + row] ?? 0) * (basis[start + column] ?? 0);
      }
    }
  }
  return sums;
}

/** Little-endian 32-bit floats in base64. */
function floats(base64: string): Float64Array {
  const bytes = Buffer.from(base64, 'base64');
  return Float64Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(index * 4));
}
