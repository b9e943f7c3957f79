import { fuseTemplates, type IndexedTemplate } from '@mien/people';
import type { Candidate } from '@mien/proto';
import { scoreOf } from '@mien/vision';
import { cosineOf } from '../index/similarity';
import type { Library, LibraryMatch } from '../library';
import { cosineOfScore } from './score';

/** What is looked for in some groups. */
export interface CandidateQuery {
  readonly groupIds: readonly string[];
  readonly modelVersion: string;
  /** Faces in the groups, at most. */
  readonly faces: number;
  readonly maxCandidates: number;
  /** 0..100. */
  readonly minimumScore: number;
  /** Whether persons are compared as a whole. */
  readonly fused: boolean;
}

/** As many faces as a person can have (LibraryLimits.facesPerPerson). */
const MOST_FACES_OF_PERSON = 20;

/**
 * How many faces are looked at first, for so many persons: enough where persons have a face or two, and where some of
 * those that the index named are gone meanwhile.
 */
const firstCount = (persons: number): number => 2 * persons + 8;

/** For persons as a whole, so many times more faces are looked at. */
const FUSED_BREADTH = 4;

/** Room for rounding: the index leaves out what is below a cosine, but the exact score decides. */
const COSINE_TOLERANCE = 1e-6;

/**
 * The persons that each of some templates is most like, best first. By their best face they are exact as far as the
 * index names the nearest faces. As a whole (fused), persons are ranked among those of whom at least one face is among
 * the nearest: who has several faces, each of them far from the probe, is not seen even where their mean is near.
 */
export async function candidatesFor(
  templates: readonly Float32Array[],
  query: CandidateQuery,
  library: Library,
): Promise<Candidate[][]> {
  if (templates.length === 0 || query.faces === 0) {
    return templates.map(() => []);
  }
  const calibration = library.model.calibrationOf(query.modelVersion);
  const ranked = query.fused
    ? await rankedAsWhole(templates, query, library)
    : await rankedByBestFace(templates, query, library);
  return ranked.map((persons) =>
    persons
      .map(({ cosine, ...ids }) => ({ ...ids, score: scoreOf(cosine, calibration), person: undefined }))
      .filter(({ score }) => score >= query.minimumScore)
      .slice(0, query.maxCandidates),
  );
}

interface Ranked {
  readonly personId: string;
  /** Empty when the person was compared as a whole. */
  readonly faceId: string;
  readonly cosine: number;
}

async function rankedByBestFace(
  templates: readonly Float32Array[],
  query: CandidateQuery,
  library: Library,
): Promise<Ranked[][]> {
  const count = Math.min(firstCount(query.maxCandidates), query.faces);
  const matches = await nearest(templates, count, query, library);
  return Promise.all(
    templates.map((template, index) => personsAmong(template, matches[index] ?? [], count, query, library)),
  );
}

/** A second, wider look is only taken where the first one met its end before it met enough persons. */
async function personsAmong(
  template: Float32Array,
  matches: readonly LibraryMatch[],
  count: number,
  query: CandidateQuery,
  library: Library,
): Promise<Ranked[]> {
  const persons = bestFaces(matches);
  const most = Math.min(query.maxCandidates * MOST_FACES_OF_PERSON, query.faces);
  if (persons.length >= query.maxCandidates || matches.length < count || most <= count) {
    return persons;
  }
  const [wider = []] = await nearest([template], most, query, library);
  return bestFaces(wider);
}

/** Each person once, by the best face. */
function bestFaces(matches: readonly LibraryMatch[]): Ranked[] {
  const best = new Map<string, Ranked>();
  for (const { face, cosine } of matches) {
    const { personId, faceId } = face;
    if (!best.has(personId)) {
      best.set(personId, { personId, faceId, cosine });
    }
  }
  return [...best.values()];
}

async function rankedAsWhole(
  templates: readonly Float32Array[],
  query: CandidateQuery,
  library: Library,
): Promise<Ranked[][]> {
  const count = Math.min(firstCount(query.maxCandidates) * FUSED_BREADTH, query.faces);
  // No face need reach the score for the person as a whole to do so.
  const matches = await nearest(templates, count, { ...query, minimumScore: 0 }, library);
  return Promise.all(
    templates.map((template, index) => asWhole(template, matches[index] ?? [], query, library)),
  );
}

async function asWhole(
  template: Float32Array,
  matches: readonly LibraryMatch[],
  query: CandidateQuery,
  library: Library,
): Promise<Ranked[]> {
  const personIds = [...new Set(matches.map(({ face }) => face.personId))];
  const groups = new Set(query.groupIds);
  const templates = (await library.people.templatesOfPersons(personIds, query.modelVersion)).filter(
    ({ groupIds }) => groupIds.some((id) => groups.has(id)),
  );
  return [...vectorsByPerson(templates)]
    .map(([personId, vectors]) => ({
      personId,
      faceId: '',
      cosine: cosineOf(template, fuseTemplates(vectors)),
    }))
    .sort((a, b) => b.cosine - a.cosine);
}

function vectorsByPerson(templates: readonly IndexedTemplate[]): ReadonlyMap<string, Float32Array[]> {
  const vectors = new Map<string, Float32Array[]>();
  for (const { personId, vector } of templates) {
    const ofPerson = vectors.get(personId);
    if (ofPerson === undefined) {
      vectors.set(personId, [vector]);
    } else {
      ofPerson.push(vector);
    }
  }
  return vectors;
}

function nearest(
  templates: readonly Float32Array[],
  count: number,
  { groupIds, modelVersion, minimumScore }: CandidateQuery,
  library: Library,
): Promise<readonly (readonly LibraryMatch[])[]> {
  const minimumCosine =
    cosineOfScore(minimumScore, library.model.calibrationOf(modelVersion)) - COSINE_TOLERANCE;
  return library.index.nearestMany(templates, { groupIds, modelVersion, count, minimumCosine });
}
