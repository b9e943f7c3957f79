import fc from 'fast-check';

/** One kind of input and what is done with it. */
export interface Campaign<Case> {
  readonly name: string;
  readonly cases: fc.Arbitrary<Case>;
  /** Throws when the platform did something that it must not. */
  attempt(input: Case): Promise<void>;
  /** Waits for what the cases have set going. Throws as attempt does. */
  settle?(): Promise<void>;
  /** The whole input, for whoever has to look into it. */
  describe(input: Case): string;
}

export interface CampaignOptions {
  readonly seed: number;
  readonly count: number;
  /** As a failure printed it: that case alone, and what it was shrunk to. */
  readonly path?: string | undefined;
}

/** Shrinking stops after it, in milliseconds: each step asks the platform again. */
const SHRINK_MS = 20_000;

/** A case that something went wrong with, and how to have it again. */
export class FuzzFailure extends Error {
  override readonly name = 'FuzzFailure';
}

/** Tries so many cases, one after the other. Throws FuzzFailure at the first that fails, in its smallest form. */
async function runCampaign<Case>(
  campaign: Campaign<Case>,
  { seed, count, path }: CampaignOptions,
): Promise<void> {
  let failedAt: number | undefined;
  const property = fc.asyncProperty(campaign.cases, async (input) => {
    if (failedAt !== undefined && performance.now() - failedAt > SHRINK_MS) {
      return;
    }
    try {
      await campaign.attempt(input);
    } catch (error) {
      failedAt ??= performance.now();
      throw error;
    }
  });
  const outcome = await fc.check(property, {
    seed,
    numRuns: path === undefined ? count : 1,
    ...(path === undefined ? {} : { path }),
  });
  if (outcome.failed) {
    const [input] = outcome.counterexample ?? [];
    const error = outcome.errorInstance;
    throw new FuzzFailure(
      [
        `${campaign.name}: ${error instanceof Error ? error.message : String(error)}`,
        `again: MIEN_FUZZ_SEED=${seed} MIEN_FUZZ_ONLY=${campaign.name} MIEN_FUZZ_PATH=${outcome.counterexamplePath} npm run bench -- fuzz`,
        `input: ${input === undefined ? 'none' : campaign.describe(input)}`,
      ].join('\n'),
      { cause: error },
    );
  }
  await campaign.settle?.().catch((error: Error) => {
    throw new FuzzFailure(`${campaign.name}, afterwards: ${error.message}`, { cause: error });
  });
}

/** A weighted choice. */
export function among<T>(...choices: readonly (readonly [number, fc.Arbitrary<T>])[]): fc.Arbitrary<T> {
  return fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })));
}

/** A campaign, whatever its cases are. */
export interface Fuzzer {
  readonly name: string;
  run(options: CampaignOptions): Promise<void>;
}

export function fuzzerOf<Case>(campaign: Campaign<Case>): Fuzzer {
  return { name: campaign.name, run: (options) => runCampaign(campaign, options) };
}

/** Waits no longer than that. */
export async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took more than ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
