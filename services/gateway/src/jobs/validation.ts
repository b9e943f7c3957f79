import { MienError } from '@mien/errors';
import type { EnrolWork, JobPhoto, StartDuplicateCheckRequest, SubmitJobRequest } from '@mien/proto';
import { validateClusterSettings } from '../usecases/clusters/album';
import { validateSearch } from '../usecases/library/validation';
import { FIELD_LIMITS, LIST_LIMITS, MAX_IMAGE_BYTES, MAX_PHOTOS_BYTES } from '../usecases/limits';
import {
  checkCount,
  checkNumber,
  validateCheckLiveness,
  validateDetect,
  validateDetection,
} from '../usecases/validation';
import { albumNames } from './work/cluster';

type Work = NonNullable<SubmitJobRequest['work']>;

const SHORTEST_MS = 1_000;
export const LONGEST_MS = 24 * 3_600_000;
/** For clocks that are not quite right. */
const CLOCK_MS = 60_000;

/**
 * Checks all of a job that would fail every photo of it; what is wrong with one photo is that photo's result later.
 * Throws ARGUMENT_INVALID and IMAGE_TOO_LARGE, `field` in its metadata.
 */
export function validateSubmission(request: SubmitJobRequest): void {
  const { work, photos } = request;
  if (work === undefined) {
    throw invalid(
      'work',
      'is missing: one of detect, check_liveness, search, enrol, duplicate_check, cluster',
    );
  }
  naming(work.$case, () => validateWork(work));
  validateCount(work, photos.length);
  let total = 0;
  for (const [index, photo] of photos.entries()) {
    validatePhoto(photo, `photos[${index}]`, work);
    total += photo.source?.$case === 'content' ? photo.source.value.length : 0;
  }
  if (total > MAX_PHOTOS_BYTES) {
    throw new MienError('IMAGE_TOO_LARGE', `the photos have together more than ${MAX_PHOTOS_BYTES} bytes`, {
      metadata: { field: 'photos', limitBytes: String(MAX_PHOTOS_BYTES) },
    });
  }
  if (work.$case === 'cluster') {
    albumNames(photos);
  }
}

/** When the job has failed if it is not done by then. Throws ARGUMENT_INVALID. */
export function deadlineOf({ deadline }: SubmitJobRequest, now: number): Date {
  const latest = now + LONGEST_MS;
  if (deadline === undefined) {
    return new Date(latest);
  }
  const at = deadline.getTime();
  if (!(at >= now + SHORTEST_MS && at <= latest + CLOCK_MS)) {
    throw invalid('deadline', 'must be 1 second to 24 hours from now');
  }
  return new Date(Math.min(at, latest));
}

function validateWork(work: Work): void {
  if (work.$case === 'detect') {
    refuseImage(work.value.image, 'image');
    validateDetect(work.value);
  } else if (work.$case === 'checkLiveness') {
    refuseImage(work.value.image, 'image');
    validateCheckLiveness(work.value);
  } else if (work.$case === 'search') {
    refuseImage(work.value.face, work.value.face?.$case ?? 'face');
    validateSearch(work.value);
  } else if (work.$case === 'enrol') {
    validateEnrol(work.value);
  } else if (work.$case === 'cluster') {
    validateClusterSettings(work.value);
  } else {
    validateDuplicateCheck(work.value);
  }
}

function validateDuplicateCheck({ groupIds, minimumScore, id }: StartDuplicateCheckRequest): void {
  checkCount('group_ids', groupIds.length, LIST_LIMITS['mien.v1.StartDuplicateCheckRequest.group_ids']);
  if (minimumScore !== undefined) {
    const limit = FIELD_LIMITS['mien.v1.StartDuplicateCheckRequest.minimum_score'];
    checkNumber('minimum_score', minimumScore, limit);
  }
  if (id !== '') {
    throw invalid('id', "must not be given: the check's id comes from the job");
  }
}

function validateEnrol({ groupId, detection, qualityControl }: EnrolWork): void {
  if (groupId === '') {
    throw invalid('group_id', 'must be given');
  }
  validateDetection(detection);
  checkNumber('quality_control', qualityControl, FIELD_LIMITS['mien.v1.EnrolWork.quality_control']);
}

function validateCount({ $case }: Work, count: number): void {
  const { maximum } = LIST_LIMITS['mien.v1.SubmitJobRequest.photos'];
  const limit = $case === 'duplicateCheck' ? { minimum: 0, maximum: 0 } : { minimum: 1, maximum };
  checkCount('photos', count, limit);
}

function validatePhoto({ source, person }: JobPhoto, field: string, { $case }: Work): void {
  if (source?.$case === 'content' && source.value.length > MAX_IMAGE_BYTES) {
    throw new MienError('IMAGE_TOO_LARGE', `${field} has more than ${MAX_IMAGE_BYTES} bytes`, {
      metadata: { field, limitBytes: String(MAX_IMAGE_BYTES) },
    });
  }
  if ($case === 'enrol' && (person === undefined || person.id === '')) {
    throw invalid(`${field}.person`, 'must be given, with an id: whose photo it is');
  }
  if ($case !== 'enrol' && person !== undefined) {
    throw invalid(`${field}.person`, 'is for work that enrols');
  }
}

function refuseImage(image: unknown, field: string): void {
  if (image !== undefined) {
    throw invalid(field, 'must not be given: the photos of a job stand beside its work');
  }
}

/** Errors about the work's own fields, told with the work before. */
function naming(work: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    const field = error instanceof MienError ? error.metadata['field'] : undefined;
    if (!(error instanceof MienError) || field === undefined) {
      throw error;
    }
    const whole = `${work.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}.${field}`;
    throw new MienError(error.reason, error.message.replace(field, whole), {
      metadata: { ...error.metadata, field: whole },
    });
  }
}

function invalid(field: string, complaint: string): MienError {
  return new MienError('ARGUMENT_INVALID', `${field} ${complaint}`, { metadata: { field } });
}
