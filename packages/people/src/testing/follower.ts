import type { PeopleStore } from '../people-store';
import { MODEL } from './people';

/** What an index keeps of a face. */
interface Kept {
  readonly personId: string;
  readonly groupIds: readonly string[];
  readonly vector: readonly number[];
}

/** A vector index of one model version in its simplest form: follows the store by the outbox, and can be made anew from the store. */
export class Follower {
  private readonly faces = new Map<string, Kept>();

  constructor(private readonly store: PeopleStore) {}

  /** Applies what waits, in order; acknowledges it unless told not to. */
  async follow(options: { acknowledge: boolean } = { acknowledge: true }): Promise<void> {
    const entries = await this.store.readOutbox('index', 10_000);
    for (const entry of entries) {
      if (entry.kind === 'membership-changed') {
        this.forget((face) => face.personId === entry.personId);
        this.keep(await this.store.templatesOfPersons([entry.personId], MODEL));
      } else if (entry.kind !== 'blob-unused') {
        this.faces.delete(entry.faceId);
        this.keep(await this.store.templatesOfFaces([entry.faceId], MODEL));
      }
    }
    if (options.acknowledge) {
      await this.store.acknowledge(entries.map((entry) => entry.id));
    }
  }

  /** Faces by id. */
  content(): Record<string, Kept> {
    return Object.fromEntries([...this.faces].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  static async rebuilt(store: PeopleStore): Promise<Follower> {
    const follower = new Follower(store);
    for await (const batch of store.streamTemplates(MODEL, 7)) {
      follower.keep(batch);
    }
    return follower;
  }

  private keep(templates: Awaited<ReturnType<PeopleStore['templatesOfFaces']>>): void {
    for (const { faceId, personId, groupIds, vector } of templates) {
      this.faces.set(faceId, { personId, groupIds: [...groupIds].sort(), vector: [...vector] });
    }
  }

  private forget(test: (face: Kept) => boolean): void {
    for (const [id, face] of this.faces) {
      if (test(face)) {
        this.faces.delete(id);
      }
    }
  }
}
