import { createHash } from 'node:crypto';
import { MienError } from '@mien/errors';
import type { QdrantClient } from '@qdrant/js-client-rest';

/** What a point carries beside its vector: names of payload fields. */
export const GROUPS_FIELD = 'groupIds';
export const PERSON_FIELD = 'personId';

/** One collection per model version. Qdrant takes few characters in names: versions with others get a hash as well. */
export function collectionName(prefix: string, modelVersion: string): string {
  const plain = modelVersion.replace(/[^A-Za-z0-9._-]/g, '_');
  const hash = createHash('sha256').update(modelVersion).digest('hex').slice(0, 12);
  return plain === modelVersion ? `${prefix}${plain}` : `${prefix}${plain}-${hash}`;
}

/** Makes sure that the collection and its payload indexes are there. Several processes may do so at once. */
export async function ensureCollection(
  client: QdrantClient,
  name: string,
  dimensions: number,
): Promise<void> {
  const { exists } = await client.collectionExists(name);
  if (!exists) {
    await createUnlessThere(client, name, dimensions);
  }
  await requireDimensions(client, name, dimensions);
  // To create an index that is there changes nothing.
  for (const field_name of [GROUPS_FIELD, PERSON_FIELD]) {
    await client.createPayloadIndex(name, { field_name, field_schema: { type: 'keyword' }, wait: true });
  }
}

async function createUnlessThere(client: QdrantClient, name: string, dimensions: number): Promise<void> {
  try {
    await client.createCollection(name, {
      // Full vectors stay on disk, int8 ones in memory; the best by int8 are scored again with the full ones.
      vectors: { size: dimensions, distance: 'Cosine', on_disk: true },
      quantization_config: { scalar: { type: 'int8', quantile: 0.99, always_ram: true } },
    });
  } catch (error) {
    // Another process was quicker, or the answer got lost.
    const { exists } = await client.collectionExists(name);
    if (!exists) {
      throw error;
    }
  }
}

async function requireDimensions(client: QdrantClient, name: string, dimensions: number): Promise<void> {
  const { config } = await client.getCollection(name);
  const size = config.params.vectors?.size;
  if (size !== dimensions) {
    throw new MienError(
      'CONFIGURATION_INVALID',
      `the Qdrant collection ${name} holds vectors of ${String(size)} numbers, ${dimensions} are needed`,
    );
  }
}
