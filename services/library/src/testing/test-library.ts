import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultManifestPath } from '@mien/models';
import { type LibraryLimits, openPglitePeopleStore } from '@mien/people';
import { Job, type LibraryTask, type Photo } from '@mien/proto';
import { createLogger, type StageContext } from '@mien/service';
import { LocalDiskStore } from '@mien/stores';
import { EmbeddedIndexes } from '@mien/vectors';
import { ENROLLED_CROPS, ENROLLED_PHOTOS, type Library } from '../library';
import { libraryModel } from '../model';
import { openLibrary } from '../open-library';
import { runTask } from '../tasks/tasks';
import { Turns } from '../turns';

type Task = NonNullable<LibraryTask['task']>;
type Kind = Task['$case'];
type RequestOf<K extends Kind> = Extract<Task, { $case: K }>['value'];

export interface TestLibraryOptions {
  readonly limits?: Partial<LibraryLimits>;
  readonly keepPhotos?: boolean;
  /** Manifests of packs beside the default one. */
  readonly extraPacks?: readonly string[];
}

let made = 0;

/** An id that no other test has. */
export function newId(kind: string): string {
  made += 1;
  return `${kind}-${made}`;
}

/** A library over PGlite and a disk in a temporary folder, with an index that compares with every face. */
export class TestLibrary {
  private constructor(
    readonly library: Library,
    readonly close: () => Promise<void>,
  ) {}

  static async open(options: TestLibraryOptions = {}): Promise<TestLibrary> {
    const folder = await mkdtemp(join(tmpdir(), 'mien-library-'));
    const people = await openPglitePeopleStore({
      folder: join(folder, 'people'),
      limits: options.limits ?? {},
    });
    const library = await openLibrary({
      people,
      vectorIndexes: new EmbeddedIndexes({ threads: 1 }),
      objects: await LocalDiskStore.open({ folder: join(folder, 'objects') }),
      model: libraryModel(defaultManifestPath(), options.extraPacks ?? []),
      settings: {
        enrolmentLeaseSeconds: 600,
        keepPhotos: options.keepPhotos ?? false,
        facesPerSearch: 3_000_000,
      },
      logger: createLogger({ service: 'library-test', level: 'silent' }),
      shared: false,
    });
    return new TestLibrary(library, async () => {
      await library.close();
      await rm(folder, { recursive: true, force: true });
    });
  }

  /** The same stores as another process would have them: without this one's turns. */
  asOtherProcess(): TestLibrary {
    return new TestLibrary({ ...this.library, turns: new Turns() }, async () => {});
  }

  /** A new group without members. */
  async group(modelVersion = this.library.model.version): Promise<string> {
    const id = newId('group');
    await this.library.people.createGroup({ id, name: id, modelVersion });
    return id;
  }

  /** Puts somebody with faces of these templates, which come from nowhere, into a group. */
  async enrolTemplates(groupId: string, vectors: readonly Float32Array[]) {
    const { people, index, model } = this.library;
    const id = newId('person');
    const [first, ...others] = vectors.map((template) => ({
      id: randomUUID(),
      box: { x: 0, y: 0, width: 100, height: 100 },
      quality: 80,
      modelVersion: model.version,
      template,
    }));
    if (first === undefined) {
      throw new Error('nobody is enrolled without a face');
    }
    await people.createPerson({ id, groupId, name: id, face: first });
    if (others.length > 0) {
      await people.addFaces(id, others);
    }
    await index.follow();
    return { id, faceIds: [first, ...others].map((face) => face.id) };
  }

  /** Keys of the blobs of enrolled faces that lie in the object store, in order. */
  async storedKeys(): Promise<string[]> {
    const keys: string[] = [];
    for (const prefix of [ENROLLED_CROPS, ENROLLED_PHOTOS]) {
      for await (const blobs of this.library.objects.list(prefix)) {
        keys.push(...blobs.map(({ key }) => key));
      }
    }
    return keys.sort();
  }

  /** Keys of the blobs that enrolled faces use, in order. */
  async usedKeys(): Promise<string[]> {
    const keys: string[] = [];
    for await (const batch of this.library.people.streamBlobKeys()) {
      keys.push(...batch);
    }
    return keys.sort();
  }

  /** What the library stage answers to a job. The types of kind, request and answer go together; the union hides it. */
  async run<K extends Kind>(
    kind: K,
    request: RequestOf<K>,
    { photos = [], jobId = newId('job'), context = WITHOUT_PHOTOS }: JobParts,
  ) {
    const job = Job.fromPartial({
      id: jobId,
      itinerary: ['library'],
      options: { library: { task: { $case: kind, value: request } as Task } },
      photos: [...photos],
    });
    const { answer } = await runTask(job, this.library, context);
    if (answer?.$case !== kind) {
      throw new Error(`a ${kind} was answered with ${answer?.$case}`);
    }
    return answer.value as Extract<typeof answer, { $case: K }>['value'];
  }
}

export interface JobParts {
  readonly photos?: readonly Photo[];
  readonly jobId?: string;
  /** Of the line that the photos came through. */
  readonly context?: StageContext;
}

const WITHOUT_PHOTOS: StageContext = {
  logger: createLogger({ service: 'library-test', level: 'silent' }),
  signal: new AbortController().signal,
  readImage: () => Promise.reject(new Error('there is no photo')),
  inference: (_, run) => run(),
};

/** The photo with one of its faces alone, as the detector leaves it when one face counts. */
export function withFace(photo: Photo, index: number): Photo {
  const face = photo.faces[index];
  if (face === undefined) {
    throw new Error(`the photo has no face ${index}`);
  }
  return { ...photo, faces: [face] };
}
