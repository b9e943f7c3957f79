import { randomInt } from 'node:crypto';
import { FuzzFailure } from '../fuzz/campaign';
import { everyFuzzer } from '../fuzz/every-fuzzer';
import { FuzzTarget } from '../fuzz/platform/fuzz-target';
import { fuzzSettings } from '../fuzz/seed';
import type { Benchmark } from './harness';

/** Cases of each kind, unless an argument such as `--scale=0.1` says otherwise. */
const CASES: Readonly<Record<string, number>> = {
  images: 20_000,
  grpc: 12_000,
  http: 8_000,
  photos: 500,
  bus: 1_500,
};
/** What the platform may have grown by after all of them, in MB: the caches and heaps that fill as it works. */
const GROWTH_MB = 500;

export const benchmark: Benchmark = {
  name: 'fuzz',
  goal: 'at least 20,000 malformed inputs: each has a typed answer in time, and the platform is as well as before',
  async run({ args, print }) {
    const scale = Number(args.find((arg) => arg.startsWith('--scale='))?.slice(8) ?? 1);
    const { seed, path, only } = fuzzSettings(process.env, randomInt(2 ** 31));
    print(`MIEN_FUZZ_SEED=${seed}`);
    const target = await FuzzTarget.start({ MIEN_GATEWAY_AUTH: 'none' });
    const { fuzzers, close } = await everyFuzzer(target);
    const failures: string[] = [];
    const figures: Record<string, number> = {};
    const before = target.memoryMb();
    try {
      for (const fuzzer of fuzzers.filter(({ name }) => only === undefined || only === name)) {
        const count = Math.ceil((CASES[fuzzer.name] ?? 0) * scale);
        const started = performance.now();
        await fuzzer.run({ seed, path, count }).catch((error: unknown) => {
          if (!(error instanceof FuzzFailure)) {
            throw error;
          }
          failures.push(error.message);
          print(error.message);
        });
        await target.expectHealthy();
        figures[fuzzer.name] = count;
        const seconds = (performance.now() - started) / 1000;
        print(
          `${fuzzer.name}: ${count} cases in ${seconds.toFixed(1)} s, ${target.memoryMb().toFixed(0)} MB`,
        );
      }
      const grownMb = Math.round(target.memoryMb() - before);
      const cases = Object.values(figures).reduce((sum, count) => sum + count, 0);
      return {
        pass: failures.length === 0 && grownMb < GROWTH_MB,
        figures: { seed, cases, failures: failures.length, grownMb, ...figures },
      };
    } finally {
      await close();
      await target.stop();
    }
  },
};
