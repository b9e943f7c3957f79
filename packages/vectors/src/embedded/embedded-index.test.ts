import { aFace, directionOf, near } from '../testing/faces';
import { describeVectorIndex } from '../vector-index.contract';
import { EmbeddedIndexes } from './embedded-indexes';

describeVectorIndex('the embedded engine', async () => new EmbeddedIndexes({ threads: 2 }));
describeVectorIndex('the embedded engine with one thread', async () => new EmbeddedIndexes({ threads: 1 }));

describe('the embedded engine', () => {
  it('lets the event loop turn while it takes faces in and searches', async () => {
    const indexes = new EmbeddedIndexes({ threads: 1 });
    const index = await indexes.open('busy');
    await index.upsert(Array.from({ length: 500 }, (_, seed) => aFace(seed)));
    const probes = Array.from({ length: 2_000 }, (_, seed) => near(directionOf(seed % 500), 0.6, seed));
    let turns = 0;
    const searched = index.searchMany(probes, { count: 1 });
    let under = true;
    const ended = searched.finally(() => {
      under = false;
    });
    while (under) {
      await new Promise((resolve) => setImmediate(resolve));
      turns += 1;
    }
    const matches = await ended;
    expect(matches.map(([match]) => match?.personId)).toEqual(
      probes.map((_, seed) => `person-${seed % 500}`),
    );
    expect(turns).toBeGreaterThan(100);
    await indexes.close();
  });
});
