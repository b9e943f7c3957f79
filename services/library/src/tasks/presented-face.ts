import { fromProblem, MienError } from '@mien/errors';
import type { FaceOnLine, Job, Photo, TemplateInput } from '@mien/proto';
import { givenTemplate, templateOfFace } from './templates';

/** What a task is to be done with, of one model version. */
export interface PresentedFace {
  readonly template: Float32Array;
  /** Not set when the request gave a template. */
  readonly inPhoto?: FaceOnLine;
}

/**
 * The one face that a request is about: that of the job's photo, or the template that the request gave. Throws what is
 * wrong with the photo, and as templateOfFace and givenTemplate.
 */
export function presentedFace(
  job: Job,
  template: TemplateInput | undefined,
  modelVersion: string,
): PresentedFace {
  if (template !== undefined) {
    return { template: givenTemplate(template, modelVersion) };
  }
  const inPhoto = largestFace(photoOf(job));
  return { template: templateOfFace(inPhoto, modelVersion), inPhoto };
}

/** The template that a request gave instead of a photo. */
export function templateOf(
  face: { $case: 'image' } | { $case: 'template'; value: TemplateInput } | undefined,
): TemplateInput | undefined {
  return face?.$case === 'template' ? face.value : undefined;
}

/** Throws IMAGE_MISSING. */
export function photoOf(job: Job): Photo {
  const [photo] = job.photos;
  if (photo === undefined) {
    throw new MienError('IMAGE_MISSING', 'neither a photo nor a template was given');
  }
  return photo;
}

/** The faces of a photo, largest first. Throws its problem, and NO_FACE when it has none. */
export function facesOf(photo: Photo): readonly [FaceOnLine, ...FaceOnLine[]] {
  if (photo.problem !== undefined) {
    throw fromProblem(photo.problem);
  }
  const [largest, ...others] = photo.faces;
  if (largest === undefined) {
    throw new MienError('NO_FACE', 'the photo shows no face');
  }
  return [largest, ...others];
}

export function largestFace(photo: Photo): FaceOnLine {
  return facesOf(photo)[0];
}
