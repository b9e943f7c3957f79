import type { Benchmark, BenchmarkContext, Outcome } from './harness';
import { ENGINE_GOAL, measureEngine } from './search/engine';
import { measureThroughGateway } from './search/through-gateway';

/** What is measured, one after the other; `--part=NAME` picks one. */
const PARTS: Readonly<Record<string, (context: BenchmarkContext) => Promise<Outcome>>> = {
  engine: measureEngine,
  gateway: measureThroughGateway,
};

export const benchmark: Benchmark = {
  name: 'search',
  goal:
    `1,000,000 faces searched at p50 ${ENGINE_GOAL.p50Ms} ms and p99 ${ENGINE_GOAL.p99Ms} ms, recall@1 ` +
    `${ENGINE_GOAL.recallAt1} and recall@10 ${ENGINE_GOAL.recallAt10}, in groups too; p99 below twice that while faces ` +
    `are enrolled; 3,000,000 faces at p99 ${ENGINE_GOAL.p99MsOfLarge} ms within ${ENGINE_GOAL.memoryMb} MB ` +
    '(--small: 100,000 and 200,000); a photo through the gateway, top 5 of 100,000 faces, and the share that searching ' +
    'takes (--part=engine or --part=gateway alone; --library=FOLDER keeps the 100,000)',
  async run(context) {
    const figures: Record<string, unknown> = {};
    let pass = true;
    const only = context.args.find((word) => word.startsWith('--part='))?.slice('--part='.length);
    for (const [name, measure] of Object.entries(PARTS).filter(([part]) => (only ?? part) === part)) {
      const outcome = await measure(context);
      pass &&= outcome.pass;
      figures[name] = outcome.figures;
    }
    return { pass, figures };
  },
};
