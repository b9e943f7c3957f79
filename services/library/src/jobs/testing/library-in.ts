import { join } from 'node:path';
import { defaultManifestPath } from '@mien/models';
import { openPglitePeopleStore } from '@mien/people';
import { createLogger } from '@mien/service';
import { LocalDiskStore } from '@mien/stores';
import { EmbeddedIndexes } from '@mien/vectors';
import { libraryModel } from '../../model';
import { type OpenLibrary, openLibrary } from '../../open-library';

/** The library in a folder, as every process that has the folder opens it. */
export async function libraryIn(folder: string, extraPacks: readonly string[] = []): Promise<OpenLibrary> {
  return openLibrary({
    people: await openPglitePeopleStore({ folder: join(folder, 'people') }),
    vectorIndexes: new EmbeddedIndexes({ threads: 1 }),
    objects: await LocalDiskStore.open({ folder: join(folder, 'objects') }),
    model: libraryModel(defaultManifestPath(), extraPacks),
    settings: { enrolmentLeaseSeconds: 600, keepPhotos: false, facesPerSearch: 3_000_000 },
    logger: createLogger({ service: 'library-test', level: 'silent' }),
    shared: false,
  });
}
