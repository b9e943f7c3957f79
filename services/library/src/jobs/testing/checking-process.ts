import { join } from 'node:path';
import { defaultManifestPath } from '@mien/models';
import { openPglitePeopleStore } from '@mien/people';
import { createLogger } from '@mien/service';
import { LocalDiskStore } from '@mien/stores';
import { EmbeddedIndexes } from '@mien/vectors';
import type { Library } from '../../library';
import { libraryModel } from '../../model';
import { type OpenLibrary, openLibrary } from '../../open-library';
import { DuplicateCheckWork } from '../duplicates/duplicate-check-work';

/** Small batches, and a lease that ends soon after the process. */
export const CHECK_PACE = { batchSize: 10, leaseSeconds: 0.5 };

/** The library in a folder, as every process that has the folder opens it. */
export async function libraryIn(folder: string): Promise<OpenLibrary> {
  return openLibrary({
    people: await openPglitePeopleStore({ folder: join(folder, 'people') }),
    vectorIndexes: new EmbeddedIndexes({ threads: 1 }),
    objects: await LocalDiskStore.open({ folder: join(folder, 'objects') }),
    model: libraryModel(defaultManifestPath(), []),
    settings: { enrolmentLeaseSeconds: 600, keepPhotos: false },
    logger: createLogger({ service: 'library-test', level: 'silent' }),
    shared: false,
  });
}

/** Works on the checks in the folder's library and tells its parent after each batch that was saved. */
async function check(folder: string): Promise<void> {
  const library = telling(await libraryIn(folder));
  await new DuplicateCheckWork(library, CHECK_PACE).runNext(new AbortController().signal);
}

function telling(library: Library): Library {
  const { duplicateChecks } = library.people;
  const checks: typeof duplicateChecks = Object.create(duplicateChecks, {
    save: {
      value: async (...batch: Parameters<typeof duplicateChecks.save>) => {
        await duplicateChecks.save(...batch);
        process.send?.('saved');
      },
    },
  });
  const people: Library['people'] = Object.create(library.people, { duplicateChecks: { value: checks } });
  return { ...library, people };
}

if (require.main === module) {
  void check(process.argv[2] ?? '');
}
