import { MienError } from '@mien/errors';
import type {
  Candidate,
  FaceCandidates,
  FaceOnLine,
  Job,
  Refusal,
  SearchRequest,
  SearchResponse,
} from '@mien/proto';
import type { QualityLevel } from '@mien/vision';
import type { Library } from '../library';
import { type CandidateQuery, candidatesFor } from './candidates';
import { askedQuality, qualityRefusal } from './face-quality';
import { isFused } from './matching';
import { withPersons } from './person-details';
import { facesOf, photoOf, templateOf } from './presented-face';
import { askedScore } from './score';
import { type SearchedGroups, searchedGroups } from './searched-groups';
import { givenTemplate, templateOfFace } from './templates';

const USUAL_CANDIDATES = 5;
const MOST_CANDIDATES = 100;
const MOST_FACES = 10;

/**
 * Who of some groups the largest faces of the job's photo are, or the template of the request is. Throws what is wrong
 * with photo, template or groups; what is wrong with one face alone (FACE_QUALITY_TOO_LOW) is its refusal.
 */
export async function search(job: Job, request: SearchRequest, library: Library): Promise<SearchResponse> {
  const asked: Asked = {
    maxFaces: within('max_faces', request.maxFaces, MOST_FACES, 1),
    maxCandidates: within('max_candidates', request.maxCandidates, MOST_CANDIDATES, USUAL_CANDIDATES),
    minimumScore: askedScore('minimum_score', request.minimumScore),
    fused: isFused(request.matching),
    perGroup: request.perGroup,
    quality: askedQuality(request.qualityControl),
  };
  const groups = await searchedGroups(request.groupIds, library);
  const probes = probesOf(job, request, asked, groups);
  const results = await answersFor(probes, asked, groups, library);
  return {
    results: request.withPersons ? await withPersons(results, library) : results,
    searchedFaces: groups.faces,
    searchedPersons: groups.persons,
    modelVersion: groups.modelVersion,
  };
}

interface Asked extends Pick<CandidateQuery, 'maxCandidates' | 'minimumScore' | 'fused'> {
  readonly maxFaces: number;
  readonly perGroup: boolean;
  readonly quality: QualityLevel;
}

/** A face to look for, or why not. */
interface Probe {
  readonly box: FaceCandidates['box'];
  readonly template?: Float32Array;
  readonly refusal?: Refusal;
}

function probesOf(
  job: Job,
  request: SearchRequest,
  { maxFaces, quality }: Asked,
  { modelVersion }: SearchedGroups,
): readonly Probe[] {
  const template = templateOf(request.face);
  return template === undefined
    ? facesOf(photoOf(job))
        .slice(0, maxFaces)
        .map((face) => probeOf(face, quality, modelVersion))
    : [{ box: undefined, template: givenTemplate(template, modelVersion) }];
}

function probeOf(face: FaceOnLine, quality: QualityLevel, modelVersion: string): Probe {
  const box = face.answer?.box;
  const refusal = qualityRefusal(face, quality);
  return refusal === undefined ? { box, template: templateOfFace(face, modelVersion) } : { box, refusal };
}

async function answersFor(
  probes: readonly Probe[],
  asked: Asked,
  groups: SearchedGroups,
  library: Library,
): Promise<FaceCandidates[]> {
  const templates = probes.flatMap(({ template }) => template ?? []);
  const found = await candidatesOf(templates, asked, groups, library);
  const next = found.values();
  return probes.map(({ box, template, refusal }) => {
    const candidates = template === undefined ? NOBODY : (next.next().value ?? NOBODY);
    return { box, refusal, ...candidates };
  });
}

type Found = Pick<FaceCandidates, 'candidates' | 'groups'>;

const NOBODY: Found = { candidates: [], groups: [] };

/** For each of the templates who was found, in all groups together or in each of them. */
async function candidatesOf(
  templates: readonly Float32Array[],
  asked: Asked,
  { ids, modelVersion, faces }: SearchedGroups,
  library: Library,
): Promise<Found[]> {
  const candidatesIn = (groupIds: readonly string[]): Promise<Candidate[][]> =>
    candidatesFor(templates, { ...asked, groupIds, modelVersion, faces }, library);
  if (!asked.perGroup) {
    return (await candidatesIn(ids)).map((candidates) => ({ candidates, groups: [] }));
  }
  const inGroups = await Promise.all(ids.map((id) => candidatesIn([id])));
  return templates.map((_, index) => ({
    candidates: [],
    groups: ids.map((groupId, at) => ({ groupId, candidates: inGroups[at]?.[index] ?? [] })),
  }));
}

/** A count that a request asks for; 0 stands for the usual one. */
function within(field: string, asked: number, most: number, usual: number): number {
  if (!Number.isInteger(asked) || asked < 0 || asked > most) {
    throw new MienError('ARGUMENT_INVALID', `${field}: 1 to ${most}, 0 stands for ${usual}`, {
      metadata: { field, minimum: '0', maximum: String(most) },
    });
  }
  return asked === 0 ? usual : asked;
}
