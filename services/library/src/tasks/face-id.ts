import type { Job } from '@mien/proto';
import { uuidV5 } from './uuid-v5';

/** What of a job says whose work it is: a photo of a submitted job may come as several jobs of the line. */
type FaceMaker = Pick<Job, 'id' | 'submission'>;

/** The name space of enrolled faces: a random UUID, the same for ever. */
const FACES = '6b1f8f0c-4b6d-4d0b-9a5e-0c1f5b7d2e93';

/**
 * The id of the face that a job enrols from a photo: the same each time that the job is done, so that one that comes
 * again finds its own faces.
 */
export function faceIdOf({ id, submission }: FaceMaker, photoIndex: number): string {
  const work = submission === undefined ? id : `${submission.jobId}/${submission.photoIndex}`;
  return uuidV5(FACES, `${work}/${photoIndex}`);
}
