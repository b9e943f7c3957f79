import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultModelPack } from '../photos/repository';
import type { Benchmark } from './harness';
import { mienUp } from './platform/mien-up';
import { rounded } from './statistics';
import { runCases } from './tencent/cases';
import { refusals, timings } from './tencent/signatures';
import { type Bench, compareThroughput } from './tencent/throughput';

const GOAL = { throughputRatio: 0.95, timingMs: 0.05 } as const;

/** A key for this run alone. */
const KEY = { secretId: 'AKIDBENCH', secretKey: 'a-secret-of-this-benchmark' };

export const benchmark: Benchmark = {
  name: 'tencent',
  goal:
    `every action passes with the official clients; signatures are refused with the codes of the specification, their ` +
    `medians no more than ${GOAL.timingMs} ms apart; DetectFace at ${GOAL.throughputRatio} of native HTTP or better`,
  async run(context) {
    const cases = await runCases(context);
    const folder = await mkdtemp(join(tmpdir(), 'mien-bench-keys-'));
    const file = join(folder, 'keys.jsonl');
    await writeFile(file, JSON.stringify({ ...KEY, role: 'admin' }));
    const platform = await mienUp({ MIEN_MODEL_PACK: defaultModelPack(), MIEN_TENCENT_KEYS_FILE: file });
    try {
      const bench: Bench = { address: platform.httpAddress, ...KEY };
      const refused = await refusals(bench, context);
      const timing = await timings(bench, context);
      const throughput = await compareThroughput(bench, context);
      return {
        pass:
          cases.passed === cases.all &&
          refused &&
          timing.apartMs <= GOAL.timingMs &&
          throughput.ratio >= GOAL.throughputRatio,
        figures: {
          cases: `${cases.passed}/${cases.all}`,
          refusals: refused,
          signatureMediansApartMs: rounded(timing.apartMs, 4),
          signatureMedianMs: rounded(timing.medianMs, 4),
          photosPerSecondTencent: rounded(throughput.tencent, 2),
          photosPerSecondNative: rounded(throughput.native, 2),
          throughputRatio: rounded(throughput.ratio, 3),
        },
      };
    } finally {
      await platform.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};
