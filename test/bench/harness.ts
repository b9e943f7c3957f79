/** What a benchmark measured, and whether that meets its goal. */
export interface Outcome {
  readonly pass: boolean;
  readonly figures: Readonly<Record<string, unknown>>;
}

export interface BenchmarkContext {
  /** Command-line words after the benchmark's name. */
  readonly args: readonly string[];
  /** One line for the reader. */
  print(line: string): void;
  /** Shows how far a long measurement is; on a terminal it overwrites itself. */
  progress(label: string, done: number, total: number): void;
}

export interface Benchmark {
  readonly name: string;
  /** What has to be reached, in words. */
  readonly goal: string;
  run(context: BenchmarkContext): Promise<Outcome>;
}

/** Runs a benchmark and prints its outcome, one line of JSON last. Returns the exit code. */
export async function runBenchmark(benchmark: Benchmark, args: readonly string[]): Promise<number> {
  console.log(`${benchmark.name}: ${benchmark.goal}`);
  const outcome = await benchmark.run({
    args,
    print: (line) => console.log(line),
    progress: progressPrinter(),
  });
  console.log(JSON.stringify({ bench: benchmark.name, pass: outcome.pass, ...outcome.figures }));
  return outcome.pass ? 0 : 1;
}

/** On a terminal every step, elsewhere every tenth part. */
function progressPrinter(): BenchmarkContext['progress'] {
  const shown = new Map<string, number>();
  return (label, done, total) => {
    const part = Math.floor((done / total) * 10);
    if (process.stderr.isTTY) {
      process.stderr.write(`\r${label}: ${done}/${total}${done === total ? '\n' : ''}`);
    } else if (shown.get(label) !== part) {
      shown.set(label, part);
      process.stderr.write(`${label}: ${done}/${total}\n`);
    }
  };
}
