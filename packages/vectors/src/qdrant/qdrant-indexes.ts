import { QdrantClient } from '@qdrant/js-client-rest';
import type { VectorIndex, VectorIndexes } from '../vector-index';
import { DEFAULT_DIMENSIONS } from '../vector-length';
import { collectionName, ensureCollection } from './collection';
import { asking, statusOf } from './qdrant-errors';
import { QdrantIndex } from './qdrant-index';

const DEFAULT_PREFIX = 'mien-faces-';
const DEFAULT_TIMEOUT_MS = 30_000;

export interface QdrantOptions {
  /** Of the server: scheme, host and port, such as http://localhost:6333. */
  readonly url: string;
  readonly apiKey?: string;
  /** What the names of all collections begin with. Libraries that share a server need different ones. */
  readonly collectionPrefix?: string;
  /** Numbers of a vector; 512 unless given. */
  readonly dimensions?: number;
  /** How long one call may take. */
  readonly timeoutMs?: number;
}

/** Indexes in a Qdrant server, a collection for each model version. Several processes may share them. */
export class QdrantIndexes implements VectorIndexes {
  readonly durable = true;
  private readonly client: QdrantClient;
  private readonly prefix: string;
  private readonly dimensions: number;

  constructor(options: QdrantOptions) {
    const { url, apiKey, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
    this.prefix = options.collectionPrefix ?? DEFAULT_PREFIX;
    this.dimensions = options.dimensions ?? DEFAULT_DIMENSIONS;
    this.client = new QdrantClient({
      url,
      timeout: timeoutMs,
      // This check, and a key given as `apiKey` to a server without TLS, would write warnings to the console.
      checkCompatibility: false,
      headers: { 'api-key': apiKey },
    });
  }

  /** Throws CONFIGURATION_INVALID when the collection is there and holds vectors of another length. */
  async open(modelVersion: string): Promise<VectorIndex> {
    const name = collectionName(this.prefix, modelVersion);
    await asking(() => ensureCollection(this.client, name, this.dimensions));
    return new QdrantIndex(this.client, name, this.dimensions);
  }

  async drop(modelVersion: string): Promise<void> {
    await asking(async () => {
      try {
        await this.client.deleteCollection(collectionName(this.prefix, modelVersion));
      } catch (error) {
        if (statusOf(error) !== 404) {
          throw error;
        }
      }
    });
  }

  async close(): Promise<void> {
    // Connections close by themselves when they were idle for some seconds.
  }
}
