import { type CreatePersonRequest, type CreatePersonResponse, FaceSelection } from '@mien/proto';
import type { Call } from '../call';
import type { Dependencies } from '../ports';
import { featuresFor, photosOf, runPhotoTask, withoutPhoto } from './library-task';
import { validateCreatePerson } from './validation';

/** Enrols somebody with the largest face of a photo, or with a template. */
export async function createPerson(
  request: CreatePersonRequest,
  call: Call,
  deps: Dependencies,
): Promise<CreatePersonResponse> {
  validateCreatePerson(request);
  const photos = await photosOf(request.face, call, deps);
  const options = {
    detection: request.detection,
    features: featuresFor({ quality: true }),
    only: FaceSelection.FACE_SELECTION_LARGEST,
    faceRequired: true,
    qualityControl: request.qualityControl,
  };
  const value = { ...request, face: withoutPhoto(request.face) };
  const work = { photos, options, priority: request.priority };
  return await runPhotoTask<'createPerson'>({ $case: 'createPerson', value }, work, call, deps);
}
