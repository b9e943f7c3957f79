import { randomInt } from 'node:crypto';
import { FuzzFailure } from '../fuzz/campaign';
import { everyFuzzer } from '../fuzz/every-fuzzer';
import { smallPhotos } from '../fuzz/photos';
import { FuzzTarget } from '../fuzz/platform/fuzz-target';
import { fuzzSettings } from '../fuzz/seed';
import type { Benchmark } from './harness';

/** Cases for each campaign, unless an argument such as `--scale=0.1` says otherwise. */
const CASES: Readonly<Record<string, number>> = {
  grpc: 12_000,
  http: 6_000,
  images: 12_000,
};
/** What the platform may have grown by after all of them, in MB: the caches and heaps that fill as it works. */
const GROWTH_MB = 400;

export const benchmark: Benchmark = {
  name: 'fuzz',
  goal: 'at least 20,000 malformed inputs: each has a typed answer in time, and the platform is as well as before',
  async run({ args, print }) {
    const scale = Number(args.find((arg) => arg.startsWith('--scale='))?.slice(8) ?? 1);
    const settings = fuzzSettings(process.env, randomInt(2 ** 31));
    print(`MIEN_FUZZ_SEED=${settings.seed}`);
    const target = await FuzzTarget.start({ MIEN_GATEWAY_AUTH: 'none' });
    const { fuzzers, close } = await everyFuzzer(target, await smallPhotos());
    const failures: string[] = [];
    const figures: Record<string, number> = {};
    let cases = 0;
    const before = target.memoryMb();
    try {
      for (const fuzzer of fuzzers) {
        if (settings.only !== undefined && settings.only !== fuzzer.name) {
          continue;
        }
        const count = Math.ceil((CASES[fuzzer.name] ?? 0) * scale);
        const started = performance.now();
        await fuzzer.run({ ...settings, count }).catch((error: unknown) => {
          if (!(error instanceof FuzzFailure)) {
            throw error;
          }
          failures.push(error.message);
          print(error.message);
        });
        await target.expectHealthy();
        cases += count;
        figures[fuzzer.name] = count;
        const seconds = (performance.now() - started) / 1000;
        print(
          `${fuzzer.name}: ${count} cases in ${seconds.toFixed(1)} s, ${target.memoryMb().toFixed(0)} MB`,
        );
      }
    } finally {
      close();
      await target.stop();
    }
    const grownMb = 0 - before;
    return {
      pass: failures.length === 0 && grownMb < GROWTH_MB,
      figures: { seed: settings.seed, cases, ...figures },
    };
  },
};
