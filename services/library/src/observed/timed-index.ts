import type { histogram } from '@mien/telemetry';
import type { LibraryIndex, LibraryIndexQuery, LibraryMatch } from '../library';

type SearchDuration = ReturnType<typeof histogram<'searchDuration'>>;

const SMALLEST = 1_000;

/** An index whose searches are measured, by how many faces there are. */
export class TimedIndex implements LibraryIndex {
  constructor(
    private readonly index: LibraryIndex,
    private readonly duration: SearchDuration,
    private readonly faces: () => number,
  ) {}

  nearest(probe: Float32Array, query: LibraryIndexQuery): Promise<readonly LibraryMatch[]> {
    return this.timed(() => this.index.nearest(probe, query));
  }

  nearestMany(
    probes: readonly Float32Array[],
    query: LibraryIndexQuery,
  ): Promise<readonly (readonly LibraryMatch[])[]> {
    return this.timed(() => this.index.nearestMany(probes, query));
  }

  load(modelVersion: string): Promise<void> {
    return this.index.load(modelVersion);
  }

  follow(): Promise<void> {
    return this.index.follow();
  }

  private async timed<T>(search: () => Promise<T>): Promise<T> {
    const started = performance.now();
    const found = await search();
    this.duration.record((performance.now() - started) / 1_000, { faces: roundedUp(this.faces()) });
    return found;
  }
}

/** To a power of ten, a thousand or more. */
function roundedUp(faces: number): number {
  return 10 ** Math.ceil(Math.log10(Math.max(SMALLEST, faces)));
}
