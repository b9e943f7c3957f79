import { DetectionOptions, type SearchRequest, type SearchResponse } from '@mien/proto';
import type { Call } from '../call';
import type { Dependencies } from '../ports';
import { featuresFor, photosOf, runPhotoTask, withoutPhoto } from './library-task';
import { validateSearch } from './validation';

/** Who of some groups the largest faces of a photo, or a template, are. */
export async function search(
  request: SearchRequest,
  call: Call,
  deps: Dependencies,
): Promise<SearchResponse> {
  validateSearch(request);
  const photos = await photosOf(request.face, call, deps);
  const controlled = request.qualityControl > 0;
  const options = {
    detection: DetectionOptions.fromPartial({
      ...request.detection,
      maxFaces: Math.max(1, request.maxFaces),
    }),
    // The quality control itself is the library stage's here: one poor face must not refuse the whole photo. It goes by
    // pose and openness, too, which come with the landmarks.
    features: { ...featuresFor({ quality: controlled }), landmarks: controlled },
    faceRequired: true,
  };
  const value = { ...request, face: withoutPhoto(request.face) };
  const work = { photos, options, priority: request.priority };
  return await runPhotoTask<'search'>({ $case: 'search', value }, work, call, deps);
}
