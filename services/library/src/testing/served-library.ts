import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { MethodDefinition } from '@grpc/grpc-js';
import { defaultManifestPath } from '@mien/models';
import {
  type LibraryLimits,
  type NewFace,
  openPglitePeopleStore,
  openPostgresPeopleStore,
  type Person,
} from '@mien/people';
import { createLogger, createRpcMetrics, type GrpcServer, startGrpcServer } from '@mien/service';
import { LocalDiskStore, type ObjectStore } from '@mien/stores';
import { EmbeddedIndexes, type VectorIndexes } from '@mien/vectors';
import { metrics } from '@opentelemetry/api';
import { libraryAdminService } from '../grpc/library-admin-service';
import { libraryService } from '../grpc/library-service';
import { ENROLLED_CROPS } from '../library';
import { libraryModel } from '../model';
import { type OpenLibrary, openLibrary } from '../open-library';
import { Asker } from './ask';

export interface ServedOptions {
  /** Of PGlite and of the object store; the same again finds what was there. */
  readonly folder: string;
  /** PostgreSQL instead of PGlite. */
  readonly databaseUrl?: string | undefined;
  /** Several libraries work on the same database and index. */
  readonly shared?: boolean;
  readonly limits?: Partial<LibraryLimits>;
  /** What the library gets to see of its indexes. */
  readonly vectorIndexes?: VectorIndexes;
  /** What the library gets to see of its object store. */
  readonly objects?: (store: ObjectStore) => ObjectStore;
}

/** A library with its services over gRPC, on real stores. */
export class ServedLibrary {
  private constructor(
    readonly library: OpenLibrary,
    readonly vectorIndexes: VectorIndexes,
    private readonly grpc: GrpcServer,
    private readonly asker: Asker,
  ) {}

  static async start(options: ServedOptions): Promise<ServedLibrary> {
    const { folder, databaseUrl, limits = {}, vectorIndexes = new EmbeddedIndexes({ threads: 1 }) } = options;
    const people =
      databaseUrl === undefined
        ? await openPglitePeopleStore({ folder: join(folder, 'people'), limits })
        : await openPostgresPeopleStore({ connectionString: databaseUrl, limits });
    const store = await LocalDiskStore.open({ folder: join(folder, 'objects') });
    const library = await openLibrary({
      people,
      vectorIndexes,
      objects: options.objects?.(store) ?? store,
      model: libraryModel(defaultManifestPath(), []),
      settings: { enrolmentLeaseSeconds: 600, keepPhotos: false, facesPerSearch: 3_000_000 },
      logger: createLogger({ service: 'library-test', level: 'silent' }),
      shared: options.shared ?? false,
    });
    const rpcMetrics = createRpcMetrics(metrics.getMeter('test'));
    const grpc = await startGrpcServer(
      [libraryService(library, rpcMetrics), libraryAdminService(library, rpcMetrics)],
      { bindAddress: '127.0.0.1', port: 0, maxMessageBytes: 16_000_000 },
    );
    return new ServedLibrary(library, vectorIndexes, grpc, new Asker(grpc.port));
  }

  ask<Request, Response>(method: MethodDefinition<Request, Response>, request: Request): Promise<Response> {
    return this.asker.ask(method, request);
  }

  /** Enrols somebody as the line would, with a crop in the object store. */
  async enrol(groupId: string, id: string = randomUUID(), template = randomTemplate()): Promise<Person> {
    const { people, index } = this.library;
    const face = await this.newFace(template);
    const person = await people.createPerson({ id, groupId, name: 'Ada', face });
    await index.follow();
    return person;
  }

  /** Adds a face as the line would. Returns its id. */
  async addFace(personId: string, template = randomTemplate()): Promise<string> {
    const face = await this.newFace(template);
    await this.library.people.addFaces(personId, [face]);
    await this.library.index.follow();
    return face.id;
  }

  /** Persons whose faces are found, nearest first. */
  async find(template: Float32Array, groupIds: readonly string[], count = 5): Promise<string[]> {
    const { index, model } = this.library;
    const matches = await index.nearest(template, { groupIds, modelVersion: model.version, count });
    return matches.map(({ face }) => face.personId);
  }

  /** Keys of all crops that lie in the object store. */
  async cropKeys(): Promise<string[]> {
    const keys: string[] = [];
    for await (const blobs of this.library.objects.list(ENROLLED_CROPS)) {
      keys.push(...blobs.map(({ key }) => key));
    }
    return keys;
  }

  /** All faces that the vector index holds. */
  async indexedFaces(): Promise<string[]> {
    const index = await this.vectorIndexes.open(this.library.model.version);
    const faceIds: string[] = [];
    for await (const batch of index.faceIds()) {
      faceIds.push(...batch);
    }
    return faceIds;
  }

  async stop(): Promise<void> {
    this.asker.close();
    await this.grpc.drain(1_000);
    await this.library.close();
  }

  private async newFace(template: Float32Array): Promise<NewFace> {
    const { people, objects, model } = this.library;
    const id = randomUUID();
    const crop = Buffer.from(`crop of ${id}`);
    const naming = { prefix: ENROLLED_CROPS, scope: id.replaceAll('-', '') };
    const cropKey = objects.keyOf(crop, naming);
    await people.reserveBlobs([cropKey], 600);
    await objects.put(crop, naming);
    const box = { x: 1, y: 2, width: 3, height: 4 };
    return { id, box, quality: 80, modelVersion: model.version, template, cropKey };
  }
}

/** A direction of chance. */
export function randomTemplate(): Float32Array {
  return Float32Array.from({ length: 512 }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - Math.random()));
    return radius * Math.cos(2 * Math.PI * Math.random());
  });
}
