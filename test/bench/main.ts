import { type Benchmark, runBenchmark } from './harness';

/** Every benchmark, loaded only when it is asked for. */
const BENCHMARKS: Readonly<Record<string, () => Promise<Benchmark>>> = {
  access: async () => (await import('./access.js')).benchmark,
  callbacks: async () => (await import('./callbacks.js')).benchmark,
  capacity: async () => (await import('./capacity.js')).benchmark,
  chaos: async () => (await import('./chaos.js')).benchmark,
  cluster: async () => (await import('./cluster.js')).benchmark,
  clusters: async () => (await import('./clusters.js')).benchmark,
  detection: async () => (await import('./detection.js')).benchmark,
  duplicates: async () => (await import('./duplicates.js')).benchmark,
  faults: async () => (await import('./faults.js')).benchmark,
  flood: async () => (await import('./flood.js')).benchmark,
  fuzz: async () => (await import('./fuzz.js')).benchmark,
  identify: async () => (await import('./identify.js')).benchmark,
  images: async () => (await import('./images.js')).benchmark,
  'kill-enrol': async () => (await import('./kill-enrol.js')).benchmark,
  lfw: async () => (await import('./lfw.js')).benchmark,
  line: async () => (await import('./line.js')).benchmark,
  masks: async () => (await import('./masks.js')).benchmark,
  peer: async () => (await import('./peer.js')).benchmark,
  restore: async () => (await import('./restore.js')).benchmark,
  rolling: async () => (await import('./rolling.js')).benchmark,
  search: async () => (await import('./search.js')).benchmark,
  signals: async () => (await import('./signals.js')).benchmark,
  tencent: async () => (await import('./tencent.js')).benchmark,
};

async function main([name, ...args]: readonly string[]): Promise<number> {
  const load = name === undefined ? undefined : BENCHMARKS[name];
  if (load === undefined) {
    console.log(`benchmarks: ${Object.keys(BENCHMARKS).join(', ')}`);
    return name === '--list' ? 0 : 2;
  }
  return runBenchmark(await load(), args);
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
