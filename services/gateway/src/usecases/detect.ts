import type { DetectRequest, DetectResponse, Face } from '@mien/proto';
import { answeredPhoto, shapeFace } from './answers';
import type { Call } from './call';
import { obtainPhoto } from './photo-intake';
import type { Dependencies } from './ports';
import { runJob } from './run-job';
import { validateDetect } from './validation';

/** Every face of a photo, largest first, with what was asked for; no face is an empty answer. */
export async function detect(
  request: DetectRequest,
  call: Call,
  deps: Dependencies,
): Promise<DetectResponse> {
  validateDetect(request);
  const photo = await obtainPhoto(request.image, 'image', deps.fetcher, call.signal);
  const { detection, features, priority } = request;
  const work = { photos: [photo], options: { detection, features }, priority };
  const job = await runJob(work, call, deps);
  const answered = answeredPhoto(job.photos, 0);
  const faces = answered.faces.flatMap((face): Face[] =>
    face.answer === undefined ? [] : [shapeFace(face.answer, features ?? {})],
  );
  return { imageWidth: answered.width, imageHeight: answered.height, faces };
}
