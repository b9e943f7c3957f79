/** What a run is told from outside. */
export interface FuzzSettings {
  readonly seed: number;
  /** Of one campaign only, the case at this place. */
  readonly path: string | undefined;
  /** The only campaign to run; all without. */
  readonly only: string | undefined;
}

/** Settings from the environment: MIEN_FUZZ_SEED, MIEN_FUZZ_ONLY, MIEN_FUZZ_PATH, as a failure prints them. */
export function fuzzSettings(env: NodeJS.ProcessEnv, seedUnlessGiven: number): FuzzSettings {
  const seed = Number(env['MIEN_FUZZ_SEED'] ?? seedUnlessGiven);
  if (!Number.isSafeInteger(seed)) {
    throw new Error('MIEN_FUZZ_SEED must be a whole number');
  }
  return { seed, path: env['MIEN_FUZZ_PATH'], only: env['MIEN_FUZZ_ONLY'] };
}
