import type { IndexedTemplate } from '@mien/people';
import { unitVector } from '../index/similarity';
import type { OpenLibrary } from '../open-library';

/** Faces asked for at once: few, so that nobody's search waits for it. */
const PROBES = 16;
/** Several photos of one person may be as like each other as the index can tell. */
const NEAREST = 10;

type Probed = Pick<OpenLibrary, 'people' | 'indexes' | 'model'>;

/**
 * Asks the vector index for stored faces with their own templates, some each time until all had their turn. A whole
 * index finds every one of them: what it misses is missing there, wrong there, or lost by its approximation. It is no
 * comparison with an exact search, which would read every template of the library.
 */
export class RecallProbe {
  private open: AsyncIterator<readonly IndexedTemplate[]> | undefined;

  constructor(private readonly library: Probed) {}

  /** 0..1; undefined where there is no face. Throws DATABASE_UNAVAILABLE, VECTOR_INDEX_UNAVAILABLE. */
  async next(): Promise<number | undefined> {
    const templates = await this.nextTemplates();
    if (templates.length === 0) {
      return undefined;
    }
    const index = await this.library.indexes.of(this.library.model.version);
    let found = 0;
    for (const { faceId, vector } of templates) {
      const matches = await index.search(unitVector(vector), { count: NEAREST });
      found += matches.some((match) => match.faceId === faceId) ? 1 : 0;
    }
    return found / templates.length;
  }

  private async nextTemplates(): Promise<readonly IndexedTemplate[]> {
    const further = await this.open?.next();
    if (further !== undefined && further.done !== true) {
      return further.value;
    }
    const { people, model } = this.library;
    this.open = people.streamTemplates(model.version, PROBES)[Symbol.asyncIterator]();
    const first = await this.open.next();
    return first.done === true ? [] : first.value;
  }
}
