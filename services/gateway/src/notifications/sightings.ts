import { randomUUID } from 'node:crypto';
import { type CloudEvent, livenessFailed, personMatched, strangerSeen } from '@mien/notifications';
import type { Candidate, FaceCandidates, Liveness, SearchRequest, SearchResponse } from '@mien/proto';
import type { Call } from '../usecases/call';

/** The score from which on a face is taken for a person's, where the search asks for none itself. */
const USUAL_SCORE = 60;

/** What a source has seen: for each face of a search that was not refused, a person or a stranger. */
export function sightings(request: SearchRequest, { results }: SearchResponse, call: Call): CloudEvent[] {
  const at = new Date();
  const name = nameOf('search', call);
  return results.flatMap((face, index) =>
    face.refusal === undefined ? [sighting(face, request, { id: `${name}-${index}`, at })] : [],
  );
}

function sighting(
  face: FaceCandidates,
  { source, groupIds, minimumScore }: SearchRequest,
  happening: { id: string; at: Date },
): CloudEvent {
  const all = [...face.candidates, ...face.groups.flatMap(({ candidates }) => candidates)];
  const enough = minimumScore > 0 ? minimumScore : USUAL_SCORE;
  const best = all.reduce<Candidate | undefined>(
    (first, one) => (one.score >= enough && one.score > (first?.score ?? -1) ? one : first),
    undefined,
  );
  if (best === undefined) {
    return strangerSeen({ source, groupIds }, happening);
  }
  const { personId, faceId, score, person } = best;
  const within = new Set(person?.memberships.map(({ groupId }) => groupId));
  const seen = { source, personId, faceId, score, groupIds: groupIds.filter((id) => within.has(id)) };
  return personMatched(seen, happening);
}

/** The alarm of a photo that does not show a live person; none when it does. */
export function livenessAlarms(source: string, { live, score }: Liveness, call: Call): CloudEvent[] {
  return live ? [] : [livenessFailed({ source, score }, { id: nameOf('liveness', call), at: new Date() })];
}

/** The same for the same photo of a job, however often it is tried. */
function nameOf(work: string, { origin }: Call): string {
  const { submission } = origin;
  return submission === undefined
    ? `${work}-${randomUUID()}`
    : `${work}-${submission.jobId}-${submission.photoIndex}`;
}
