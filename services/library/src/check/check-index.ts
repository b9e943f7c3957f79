import type { VectorIndex } from '@mien/vectors';
import { bringUpToDate, type FollowedStores } from '../index/apply-changes';
import { unitVector } from '../index/similarity';
import type { OpenLibrary } from '../open-library';
import { type Damage, DamageCount } from './damage';
import { NameSet } from './name-set';
import { slices } from './slices';

export interface IndexRepair {
  readonly repair: boolean;
  /** Writes every template anew, not only those that are missing. */
  readonly rewrite: boolean;
}

export interface IndexReport {
  readonly templates: number;
  readonly vectors: number;
  readonly facesWithoutVector: Damage;
  readonly vectorsWithoutFace: Damage;
}

const BATCH = 1_000;
/** A face that is nearly the same as others may not come first when it is searched for by itself. */
const NEAREST = 10;

/** Compares the index of a model version with the database, whose writes go on meanwhile. */
export async function checkIndex(
  modelVersion: string,
  library: OpenLibrary,
  how: IndexRepair,
): Promise<IndexReport> {
  const index = await library.indexes.of(modelVersion);
  const stores: FollowedStores = { people: library.people, indexes: library.indexes, shared: true };
  await library.index.follow();
  const indexed = new NameSet();
  for await (const faceIds of index.faceIds()) {
    faceIds.forEach((faceId) => void indexed.add(faceId));
  }
  const enrolled = new NameSet();
  const missing: string[] = [];
  for await (const templates of library.people.streamTemplates(modelVersion, BATCH)) {
    const faceIds = templates.map(({ faceId }) => faceId);
    faceIds.forEach((faceId) => void enrolled.add(faceId));
    missing.push(...faceIds.filter((faceId) => !indexed.has(faceId)));
    if (how.repair && how.rewrite) {
      await bringUpToDate({ faceIds, personIds: [] }, stores);
    }
  }
  const facesWithoutVector = await confirmMissing(missing, modelVersion, index, library);
  const vectorsWithoutFace = await confirmLeftOver(enrolled, modelVersion, index, library);
  if (how.repair) {
    for (const faceIds of slices([...facesWithoutVector.all, ...vectorsWithoutFace.all], BATCH)) {
      await bringUpToDate({ faceIds, personIds: [] }, stores);
    }
  }
  return {
    templates: enrolled.size,
    vectors: indexed.size,
    facesWithoutVector: facesWithoutVector.damage,
    vectorsWithoutFace: vectorsWithoutFace.damage,
  };
}

interface Confirmed {
  readonly damage: Damage;
  readonly all: readonly string[];
}

/** Those of the faces that are still enrolled and still not found: some were enrolled while we looked. */
async function confirmMissing(
  candidates: readonly string[],
  modelVersion: string,
  index: VectorIndex,
  library: OpenLibrary,
): Promise<Confirmed> {
  const damage = new DamageCount();
  const all: string[] = [];
  if (candidates.length > 0) {
    await library.index.follow();
  }
  for (const slice of slices(candidates, BATCH)) {
    const templates = await library.people.templatesOfFaces(slice, modelVersion);
    const found = await index.searchMany(
      templates.map(({ vector }) => unitVector(vector)),
      { count: NEAREST },
    );
    const missing = templates
      .filter(({ faceId }, place) => !found[place]?.some((match) => match.faceId === faceId))
      .map(({ faceId }) => faceId);
    damage.add(missing);
    all.push(...missing);
  }
  return { damage, all };
}

/** The faces of the index that are not enrolled: neither when the database was read nor now. */
async function confirmLeftOver(
  enrolled: NameSet,
  modelVersion: string,
  index: VectorIndex,
  library: OpenLibrary,
): Promise<Confirmed> {
  const damage = new DamageCount();
  const all: string[] = [];
  for await (const faceIds of index.faceIds()) {
    const unknown = faceIds.filter((faceId) => !enrolled.has(faceId));
    for (const slice of slices(unknown, BATCH)) {
      const templates = await library.people.templatesOfFaces(slice, modelVersion);
      const present = new Set(templates.map(({ faceId }) => faceId));
      const leftOver = slice.filter((faceId) => !present.has(faceId));
      damage.add(leftOver);
      all.push(...leftOver);
    }
  }
  return { damage, all };
}
