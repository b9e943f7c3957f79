import { createLogger } from '@mien/service';
import { EmbeddedIndexes } from '@mien/vectors';
import { OpenIndexes } from '../index/open-indexes';
import { direction } from '../testing/directions';
import { TestLibrary } from '../testing/test-library';
import { RecallProbe } from './recall-probe';

describe('the recall probe', () => {
  let store: TestLibrary;
  let indexes: OpenIndexes;

  beforeAll(async () => {
    store = await TestLibrary.open();
    const logger = createLogger({ service: 'library-test', level: 'silent' });
    indexes = new OpenIndexes(new EmbeddedIndexes({ threads: 1 }), store.library.people, logger);
  });
  afterAll(async () => {
    await indexes.close();
    await store.close();
  });

  const probe = () => {
    const { people, model } = store.library;
    return new RecallProbe({ people, indexes, model });
  };

  it('has nothing to tell of an empty library, finds all of a whole index, and misses what is missing there', async () => {
    expect(await probe().next()).toBeUndefined();
    const group = await store.group();
    for (let person = 0; person < 20; person++) {
      await store.enrolTemplates(group, [direction(person)]);
    }
    const version = store.library.model.version;
    const index = await indexes.of(version);
    const faceIds: string[] = [];
    for await (const batch of store.library.people.streamTemplates(version)) {
      await index.upsert(batch);
      faceIds.push(...batch.map(({ faceId }) => faceId));
    }
    const whole = probe();
    // Sixteen, the other four, and the first again.
    expect([await whole.next(), await whole.next(), await whole.next()]).toEqual([1, 1, 1]);
    await index.remove(faceIds.slice(0, 4));
    const damaged = probe();
    expect([await damaged.next(), await damaged.next()]).toEqual([0.75, 1]);
  });
});
