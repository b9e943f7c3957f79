import { type Candidate, DetectionOptions, type SearchRequest, type SearchResponse } from '@mien/proto';
import { sightings } from '../../notifications/sightings';
import type { Call } from '../call';
import type { Dependencies } from '../ports';
import { featuresFor, photosOf, runPhotoTask, withoutPhoto } from './library-task';
import { validateSearch } from './validation';

/**
 * Who of some groups the largest faces of a photo, or a template, are. What a source has seen is told before the answer
 * is given, so that no alarm is lost without the caller knowing.
 */
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
  const withPersons = request.withPersons || request.source !== '';
  const value = { ...request, withPersons, face: withoutPhoto(request.face) };
  const work = { photos, options, priority: request.priority };
  const answer = await runPhotoTask<'search'>({ $case: 'search', value }, work, call, deps);
  if (request.source === '') {
    return answer;
  }
  await deps.events.publish(sightings(request, answer, call));
  return request.withPersons ? answer : withoutPersons(answer);
}

/** Events tell the groups of whom they are about; the caller did not ask for them. */
function withoutPersons(answer: SearchResponse): SearchResponse {
  const bare = (candidates: readonly Candidate[]) =>
    candidates.map((candidate) => ({ ...candidate, person: undefined }));
  return {
    ...answer,
    results: answer.results.map((face) => ({
      ...face,
      candidates: bare(face.candidates),
      groups: face.groups.map((group) => ({ ...group, candidates: bare(group.candidates) })),
    })),
  };
}
