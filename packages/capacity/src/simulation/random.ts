/** Numbers of 0..1, neither of them included. */
export type Random = () => number;

/** Numbers that are the same in every run: Lehmer's generator with the constants of Park and Miller (CACM 31, 1988). */
export function randomFrom(seed: number): Random {
  const modulus = 2_147_483_647;
  let state = (Math.abs(Math.trunc(seed)) * 7_919 + 1) % modulus;
  return () => {
    state = (state * 48_271) % modulus;
    return state / modulus;
  };
}

export function exponential(random: Random, mean: number): number {
  return -mean * Math.log(random());
}

/**
 * A gamma distributed time of that mean, variability being variance over squared mean: 0 is always the mean, 1 is
 * exponential. G. Marsaglia and W. W. Tsang, A simple method for generating gamma variables, ACM TOMS 26, 2000.
 */
export function gamma(random: Random, mean: number, variability: number): number {
  if (variability === 0) {
    return mean;
  }
  const shape = 1 / variability;
  // Below 1 the method needs a shape that is greater by 1, and the root of another number.
  const boosted = shape < 1 ? shape + 1 : shape;
  const d = boosted - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(random()) < x ** 2 / 2 + d - d * v + d * Math.log(v)) {
      const drawn = shape < 1 ? d * v * random() ** (1 / shape) : d * v;
      return (drawn / shape) * mean;
    }
  }
}
