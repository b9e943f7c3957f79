import { booleanVariable } from '@mien/service';
import { z } from 'zod';

const count = z.coerce.number().int().min(1);

/** The settings that only the library has, beside those of every service. */
export const libraryConfigSchema = z
  .object({
    /** postgres://user:password@host:port/database; PGlite in the data folder unless set. */
    MIEN_LIBRARY_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
    MIEN_LIBRARY_DATABASE_CONNECTIONS: count.max(1_000).default(10),
    /** The embedded vector index unless set. */
    MIEN_QDRANT_URL: z.url({ protocol: /^https?$/ }).optional(),
    MIEN_QDRANT_API_KEY: z.string().optional(),
    /** Threads that the embedded index searches with. */
    MIEN_LIBRARY_INDEX_THREADS: count.max(64).default(2),
    /** Jobs and writes worked on at once: they wait for disk and index more than for the processor. */
    MIEN_LIBRARY_CONCURRENCY: count.max(1_024).default(16),
    /** Keep the photos that faces were enrolled from, not only the crops. */
    MIEN_LIBRARY_KEEP_PHOTOS: booleanVariable.default(false),
    /** How long an enrolment may take between its first blob and its commit: longer than any deadline. */
    MIEN_LIBRARY_ENROLMENT_LEASE_SECONDS: count.min(60).max(86_400).default(900),
    MIEN_LIBRARY_MAX_GROUPS: count.default(100_000),
    MIEN_LIBRARY_MAX_FACES: count.default(50_000_000),
    MIEN_LIBRARY_MAX_FACES_PER_GROUP: count.default(3_000_000),
    MIEN_LIBRARY_MAX_FACES_PER_PERSON: count.max(20).default(5),
    MIEN_LIBRARY_MAX_GROUPS_PER_PERSON: count.max(100).default(100),
    /** Over all groups of one search; as much as the embedded index was measured with. */
    MIEN_LIBRARY_MAX_FACES_PER_SEARCH: count.default(3_000_000),
    /** Manifests of packs whose embedding models groups may be searched with, too; the embedder reads the same. */
    MIEN_EXTRA_EMBEDDING_PACKS: z.string().default('').transform(namesIn),
  })
  .transform((env) => ({
    databaseUrl: env.MIEN_LIBRARY_DATABASE_URL,
    databaseConnections: env.MIEN_LIBRARY_DATABASE_CONNECTIONS,
    qdrant:
      env.MIEN_QDRANT_URL === undefined
        ? undefined
        : { url: env.MIEN_QDRANT_URL, apiKey: env.MIEN_QDRANT_API_KEY },
    indexThreads: env.MIEN_LIBRARY_INDEX_THREADS,
    concurrency: env.MIEN_LIBRARY_CONCURRENCY,
    settings: {
      keepPhotos: env.MIEN_LIBRARY_KEEP_PHOTOS,
      enrolmentLeaseSeconds: env.MIEN_LIBRARY_ENROLMENT_LEASE_SECONDS,
      facesPerSearch: env.MIEN_LIBRARY_MAX_FACES_PER_SEARCH,
    },
    limits: {
      groups: env.MIEN_LIBRARY_MAX_GROUPS,
      faces: env.MIEN_LIBRARY_MAX_FACES,
      facesPerGroup: env.MIEN_LIBRARY_MAX_FACES_PER_GROUP,
      facesPerPerson: env.MIEN_LIBRARY_MAX_FACES_PER_PERSON,
      groupsPerPerson: env.MIEN_LIBRARY_MAX_GROUPS_PER_PERSON,
    },
    extraEmbeddingPacks: env.MIEN_EXTRA_EMBEDDING_PACKS,
  }));

export type LibraryConfig = z.infer<typeof libraryConfigSchema>;

function namesIn(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
