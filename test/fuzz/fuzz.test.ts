import { everyFuzzer } from './every-fuzzer';
import { FuzzTarget } from './platform/fuzz-target';
import { fuzzSettings } from './seed';

/** The same cases in every run, so that a change is all that can make it fail; `npm run bench -- fuzz` tries others. */
const SEED = 20_260_131;
/** More than 20,000 in all, within some one and a half minutes on two cores. */
const CASES = { images: 14_000, grpc: 4_000, http: 2_500, photos: 100, bus: 200 } as const;
/** What the platform may grow by, in MB: caches and heaps that fill as it works. */
const GROWTH_MB = 500;

/** Malformed input of every kind to the whole platform: typed answers in time, nothing of its inside, no harm done. */
describe('malformed input', () => {
  const { seed, path, only } = fuzzSettings(process.env, SEED);
  let target: FuzzTarget;
  let every: Awaited<ReturnType<typeof everyFuzzer>>;
  let before: number;

  beforeAll(async () => {
    console.log(`MIEN_FUZZ_SEED=${seed}`);
    target = await FuzzTarget.start({ MIEN_GATEWAY_AUTH: 'none' });
    every = await everyFuzzer(target);
    before = target.memoryMb();
  });

  afterAll(async () => {
    await every?.close();
    await target?.stop();
  });

  it.each(Object.entries(CASES))(
    '%s: %i cases',
    async (name, count) => {
      const fuzzer = every.fuzzers.find((one) => one.name === name);
      if (only === undefined || only === name) {
        await fuzzer?.run({ seed, path, count });
      }
      expect(fuzzer).toBeDefined();
      await target.expectHealthy();
    },
    600_000,
  );

  it('leaves the platform no larger than before but for its caches', () => {
    expect(target.memoryMb() - before).toBeLessThan(GROWTH_MB);
  });
});
