import type { IndexedTemplate } from '@mien/people';
import type { Library } from '../../library';
import { cosineOfScore } from '../../tasks/score';
import { facesAlike } from './alike';

export interface CheckEstimate {
  /** Faces to be checked; one in several of the groups counts once. */
  readonly faces: number;
  readonly seconds: number;
}

export interface CheckPlan {
  readonly groupIds: readonly string[];
  readonly modelVersion: string;
  readonly minimumScore: number;
}

/** Faces that are looked up to see how long one takes. */
const SAMPLE = 128;
const AT_ONCE = 16;
/** However slow the index is, an estimate is quick. */
const ENOUGH_MS = 1_000;

/** How long a check will take, told from how long a sample of its faces takes now. */
export async function estimateCheck(
  { people, index, model }: Pick<Library, 'people' | 'index' | 'model'>,
  { groupIds, modelVersion, minimumScore }: CheckPlan,
): Promise<CheckEstimate> {
  const { faces } = await people.sizeOfGroups(groupIds);
  const minimumCosine = cosineOfScore(minimumScore, model.calibrationOf(modelVersion));
  const checked = { groupIds, modelVersion, minimumCosine };
  const read = performance.now();
  const sample = await firstFaces(
    people.streamTemplatesOfGroups(modelVersion, { groupIds, batchSize: SAMPLE }),
  );
  const readMs = performance.now() - read;
  // The first search of all may have to load the index.
  await facesAlike(index, sample.slice(0, 1), checked);
  const started = performance.now();
  let looked = 0;
  while (looked < sample.length && performance.now() - started < ENOUGH_MS) {
    looked += (await facesAlike(index, sample.slice(looked, looked + AT_ONCE), checked)).length;
  }
  const perFaceMs = looked === 0 ? 0 : readMs / sample.length + (performance.now() - started) / looked;
  return { faces, seconds: (faces * perFaceMs) / 1_000 };
}

async function firstFaces(
  stream: AsyncIterable<{ readonly entries: readonly IndexedTemplate[] }>,
): Promise<readonly IndexedTemplate[]> {
  for await (const { entries } of stream) {
    if (entries.length > 0) {
      return entries;
    }
  }
  return [];
}
