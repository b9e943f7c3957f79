import type { BaseConfig } from '@mien/service';
import type { ObjectStore } from '@mien/stores';
import type { Logger } from 'pino';
import type { LibraryConfig } from './config';
import type { TellEvent } from './follow/enrolment-events';
import { startMaintenance } from './follow/maintenance';
import { libraryModel } from './model';
import { type OpenLibrary, openLibrary } from './open-library';
import { openPeople } from './open-people';
import { openVectorIndexes } from './open-vector-indexes';

/**
 * The library on the database, index and model packs that the configuration names. Enrolments are told of where
 * `tellEvent` is given. Throws CONFIGURATION_INVALID,
 * PackError, DATABASE_UNAVAILABLE, VECTOR_INDEX_UNAVAILABLE.
 */
export async function openConfiguredLibrary(
  config: LibraryConfig,
  base: BaseConfig,
  objects: ObjectStore,
  logger: Logger,
  tellEvent?: TellEvent,
): Promise<OpenLibrary> {
  const model = libraryModel(base.modelPack, config.extraEmbeddingPacks);
  const vectorIndexes = openVectorIndexes(config);
  const people = await openPeople(config, base, logger);
  const library = await openLibrary({
    people,
    vectorIndexes,
    objects,
    model,
    settings: config.settings,
    logger,
    tellEvent,
    shared: config.databaseUrl !== undefined && config.qdrant !== undefined,
  });
  if (config.databaseUrl !== undefined) {
    return library; // a PostgreSQL server maintains itself
  }
  const stopMaintenance = startMaintenance(people, logger);
  return {
    ...library,
    close: async () => {
      await stopMaintenance();
      await library.close();
    },
  };
}
