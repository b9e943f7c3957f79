import { fromProblem, MienError } from '@mien/errors';
import { Face, type FaceFeatures, type Photo } from '@mien/proto';

/** Which parts of an answer each feature stands for. */
const PARTS: Readonly<Record<keyof FaceFeatures, readonly (keyof Face)[]>> = {
  landmarks: ['landmarks', 'alignment', 'pose', 'openness'],
  mesh: ['mesh'],
  quality: ['quality'],
  attributes: ['attributes'],
  liveness: ['liveness'],
  template: ['template'],
};

/** The photo at that place, if the line could read it. Throws its problem, told as that of `name`. */
export function answeredPhoto(photos: readonly Photo[], index: number, name?: string): Photo {
  const photo = photos[index];
  if (photo === undefined) {
    throw new MienError('INTERNAL', 'the line answered without the photo');
  }
  if (photo.problem !== undefined) {
    const error = fromProblem(photo.problem);
    throw name === undefined ? error : aboutPhoto(error, name);
  }
  return photo;
}

/** The error, told as that of one of a comparison's photos. */
export function aboutPhoto(error: MienError, name: string): MienError {
  return new MienError(error.reason, `photo ${name}: ${error.message}`, {
    cause: error,
    metadata: { ...error.metadata, photo: name },
  });
}

/** Box, confidence and the asked features of a face; what stages left there for each other is dropped. */
export function shapeFace(face: Face, features: Partial<FaceFeatures>): Face {
  const shaped = Face.fromPartial({ confidence: face.confidence, ...(face.box && { box: face.box }) });
  const asked = (Object.keys(PARTS) as (keyof FaceFeatures)[]).filter((feature) => features[feature]);
  const parts = new Set(asked.flatMap((feature) => PARTS[feature]));
  const kept = Object.fromEntries(Object.entries(face).filter(([name]) => parts.has(name as keyof Face)));
  return Object.assign(shaped, kept);
}

/** The one face that a photo was reduced to. */
export function onlyFace(photo: Photo): Face {
  const face = photo.faces[0]?.answer;
  if (face === undefined) {
    throw new MienError('NO_FACE', 'the photo shows no face');
  }
  return face;
}
