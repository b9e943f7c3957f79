import { uuidV5 } from './uuid-v5';

/** The name space of enrolled faces: a random UUID, the same for ever. */
const FACES = '6b1f8f0c-4b6d-4d0b-9a5e-0c1f5b7d2e93';

/**
 * The id of the face that a job enrols from a photo: the same each time that the job is done, so that one that comes
 * again finds its own faces.
 */
export function faceIdOf(jobId: string, photoIndex: number): string {
  return uuidV5(FACES, `${jobId}/${photoIndex}`);
}
