import { FaceSelection, type VerifyPersonRequest, type VerifyPersonResponse } from '@mien/proto';
import type { Call } from '../call';
import type { Dependencies } from '../ports';
import { featuresFor, photosOf, runPhotoTask, withoutPhoto } from './library-task';
import { validateVerifyPerson } from './validation';

/** Whether the largest face of a photo, or a template, is that of a person. */
export async function verifyPerson(
  request: VerifyPersonRequest,
  call: Call,
  deps: Dependencies,
): Promise<VerifyPersonResponse> {
  validateVerifyPerson(request);
  const photos = await photosOf(request.face, call, deps);
  const options = {
    detection: request.detection,
    features: featuresFor({ quality: request.qualityControl > 0 }),
    only: FaceSelection.FACE_SELECTION_LARGEST,
    faceRequired: true,
    qualityControl: request.qualityControl,
  };
  const value = { ...request, face: withoutPhoto(request.face) };
  const work = { photos, options, priority: request.priority };
  return await runPhotoTask<'verifyPerson'>({ $case: 'verifyPerson', value }, work, call, deps);
}
