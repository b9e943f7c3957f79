import { fromProblem, MienError } from '@mien/errors';
import {
  type CheckLivenessRequest,
  type CheckLivenessResponse,
  type Face,
  FaceSelection,
  type Liveness,
} from '@mien/proto';
import { livenessAlarms } from '../notifications/sightings';
import { answeredPhoto, onlyFace, shapeFace } from './answers';
import type { Call } from './call';
import { obtainPhoto } from './photo-intake';
import type { Dependencies } from './ports';
import { runJob } from './run-job';
import { validateCheckLiveness } from './validation';

const LIVENESS = {
  landmarks: false,
  mesh: false,
  quality: false,
  attributes: false,
  liveness: true,
  template: false,
};

/** Whether the largest face is a live person's. A face that can't be judged is an error, with the refusal's reason. */
export async function checkLiveness(
  request: CheckLivenessRequest,
  call: Call,
  deps: Dependencies,
): Promise<CheckLivenessResponse> {
  validateCheckLiveness(request);
  const photo = await obtainPhoto(request.image, 'image', deps.fetcher, call.signal);
  const options = {
    detection: request.detection,
    features: LIVENESS,
    only: FaceSelection.FACE_SELECTION_LARGEST,
    faceRequired: true,
    ...(request.threshold !== undefined && { livenessThreshold: request.threshold }),
  };
  const work = { photos: [photo], options, priority: request.priority };
  const job = await runJob(work, call, deps);
  const face = shapeFace(onlyFace(answeredPhoto(job.photos, 0)), LIVENESS);
  const liveness = judgement(face);
  if (request.source !== '') {
    await deps.events.publish(livenessAlarms(request.source, liveness, call));
  }
  return { face };
}

const REFUSALS: Readonly<Record<string, string>> = {
  FACE_TOO_SMALL: 'the face is too small to judge whether it is live',
  FACE_CUT_OFF: 'the face reaches past the edge of the photo, so whether it is live cannot be judged',
};

/** Throws why the face can't be judged. */
function judgement(face: Face): Liveness {
  if (face.liveness === undefined) {
    throw new MienError('INTERNAL', 'the line answered without a liveness');
  }
  const reason = face.liveness.refusalReason;
  if (reason !== '') {
    throw fromProblem({
      reason,
      message: REFUSALS[reason] ?? 'the face cannot be judged',
      stage: 'liveness',
      metadata: {},
    });
  }
  return face.liveness;
}
