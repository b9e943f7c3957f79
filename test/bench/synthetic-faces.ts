const DIMENSIONS = 512;
/** How far a photo of somebody lies from the person's centre, in lengths of the centre. */
const SAMPLE_SPREAD = 0.6;
/** Spread of each dimension: effective dimension about 102, as templates of real faces have. */
const SPREAD = Float64Array.from({ length: DIMENSIONS }, (_, dimension) => (1 + dimension / 20) ** -0.75);

/**
 * The template of one photo of somebody, of length 1; always the same for the same identity and sample. Two samples of
 * an identity have a cosine of about 0.74, the best stranger among 100,000 about 0.4: as far apart as real ones.
 */
export function syntheticFace(identity: number, sample: number): Float32Array {
  const centre = direction(identity, 0);
  const offset = direction(identity, sample + 1);
  return unit(centre.map((value, dimension) => value + SAMPLE_SPREAD * (offset[dimension] ?? 0)));
}

/** A direction with the spread of faces, by Box and Muller's method. */
function direction(identity: number, stream: number): Float32Array {
  const random = smallFastCounting(identity, stream);
  const vector = new Float32Array(DIMENSIONS);
  for (let dimension = 0; dimension < DIMENSIONS; dimension += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    vector[dimension] = radius * Math.cos(angle) * (SPREAD[dimension] ?? 0);
    vector[dimension + 1] = radius * Math.sin(angle) * (SPREAD[dimension + 1] ?? 0);
  }
  return unit(vector);
}

function unit(vector: Float32Array): Float32Array {
  let squares = 0;
  for (const value of vector) {
    squares += value * value;
  }
  const length = Math.sqrt(squares);
  return vector.map((value) => value / length);
}

/**
 * Numbers in 0..1 by Chris Doty-Humphrey's sfc32 (PractRand, public domain): the state is large enough that millions of
 * seeds give streams of their own.
 */
function smallFastCounting(seedA: number, seedB: number): () => number {
  let [a, b, c, counter] = [seedA | 0, seedB | 0, 0x9e3779b9 | 0, 1];
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 4_294_967_296;
  };
  for (let round = 0; round < 15; round++) {
    next();
  }
  return next;
}
