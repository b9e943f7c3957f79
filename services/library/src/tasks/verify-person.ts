import { MienError } from '@mien/errors';
import { fuseTemplates } from '@mien/people';
import type { Job, VerifyPersonRequest, VerifyPersonResponse } from '@mien/proto';
import { scoreOf } from '@mien/vision';
import { cosineOf } from '../index/similarity';
import type { Library } from '../library';
import { isFused } from './matching';
import { bestMatch, type FaceMatch, type PersonTemplates, templatesOfPerson } from './person-templates';
import { presentedFace, templateOf } from './presented-face';
import { askedScore, USUAL_THRESHOLD } from './score';

/**
 * Whether the largest face of the job's photo, or the template of the request, is that of a person. The templates are
 * those that the database holds now. Throws PERSON_NOT_FOUND, and what is wrong with photo or template.
 */
export async function verifyPerson(
  job: Job,
  request: VerifyPersonRequest,
  library: Library,
): Promise<VerifyPersonResponse> {
  const threshold = askedScore('threshold', request.threshold ?? USUAL_THRESHOLD);
  const fused = isFused(request.matching);
  const person = await templatesOfPerson(request.personId, library);
  const { modelVersion } = person;
  const { template } = presentedFace(job, templateOf(request.face), modelVersion);
  const { cosine, faceId } = fused ? fusedMatch(template, person) : bestFaceMatch(template, person);
  const score = scoreOf(cosine, library.model.calibrationOf(modelVersion));
  return { matched: score >= threshold, score, threshold, faceId, modelVersion };
}

function fusedMatch(template: Float32Array, { templates }: PersonTemplates): FaceMatch {
  const fused = fuseTemplates(templates.map(({ vector }) => vector));
  return { faceId: '', cosine: cosineOf(template, fused) };
}

function bestFaceMatch(template: Float32Array, { templates }: PersonTemplates): FaceMatch {
  const best = bestMatch(template, templates);
  if (best === undefined) {
    throw new MienError('INTERNAL', 'a person without faces was to be verified');
  }
  return best;
}
