import { MienError } from '@mien/errors';
import type {
  AddFacesRequest,
  CreatePersonRequest,
  SearchRequest,
  TemplateInput,
  VerifyPersonRequest,
} from '@mien/proto';
import { FIELD_LIMITS, LIST_LIMITS } from '../limits';
import { checkCount, checkNumber, validateDetection } from '../validation';

/**
 * Checks what the line would spend work on before the library could refuse it; ids and names are the library's to
 * check. All of these throw ARGUMENT_INVALID, `field` in its metadata.
 */
export function validateCreatePerson(request: CreatePersonRequest): void {
  validateDetection(request.detection);
  const level = FIELD_LIMITS['mien.v1.CreatePersonRequest.quality_control'];
  checkNumber('quality_control', request.qualityControl, level);
}

export function validateAddFaces(request: AddFacesRequest): void {
  validateDetection(request.detection);
  const level = FIELD_LIMITS['mien.v1.AddFacesRequest.quality_control'];
  checkNumber('quality_control', request.qualityControl, level);
  const similarity = FIELD_LIMITS['mien.v1.AddFacesRequest.minimum_similarity'];
  checkOptional('minimum_similarity', request.minimumSimilarity, similarity);
  checkCount('images', request.images.length, LIST_LIMITS['mien.v1.AddFacesRequest.images']);
}

export function validateVerifyPerson(request: VerifyPersonRequest): void {
  validateDetection(request.detection);
  const level = FIELD_LIMITS['mien.v1.VerifyPersonRequest.quality_control'];
  checkNumber('quality_control', request.qualityControl, level);
  checkOptional('threshold', request.threshold, FIELD_LIMITS['mien.v1.VerifyPersonRequest.threshold']);
}

export function validateSearch(request: SearchRequest): void {
  validateDetection(request.detection);
  checkNumber('max_faces', request.maxFaces, FIELD_LIMITS['mien.v1.SearchRequest.max_faces']);
  checkNumber('max_candidates', request.maxCandidates, FIELD_LIMITS['mien.v1.SearchRequest.max_candidates']);
  checkNumber('minimum_score', request.minimumScore, FIELD_LIMITS['mien.v1.SearchRequest.minimum_score']);
  const level = FIELD_LIMITS['mien.v1.SearchRequest.quality_control'];
  checkNumber('quality_control', request.qualityControl, level);
  checkCount('group_ids', request.groupIds.length, LIST_LIMITS['mien.v1.SearchRequest.group_ids']);
}

/** As far as it can be checked without knowing the models. */
export function validateTemplate({ modelVersion, vector }: TemplateInput): void {
  if (modelVersion === '') {
    throw invalid('template.model_version', 'must be given: the version that the template was answered with');
  }
  checkCount('template.vector', vector.length, LIST_LIMITS['mien.v1.TemplateInput.vector']);
  if (!vector.every(Number.isFinite)) {
    throw invalid('template.vector', 'must be finite numbers');
  }
}

function checkOptional(
  field: string,
  value: number | undefined,
  limit: { minimum: number; maximum: number },
): void {
  if (value !== undefined) {
    checkNumber(field, value, limit);
  }
}

function invalid(field: string, complaint: string): MienError {
  return new MienError('ARGUMENT_INVALID', `${field} ${complaint}`, { metadata: { field } });
}
