import { type Crop, Face, type FaceOnLine, type JobOptions, type Point3 } from '@mien/proto';
import {
  alignFace,
  alignmentPoints,
  assessQuality,
  type FaceGeometry,
  faceLandmarks,
  headPose,
  openness,
} from '@mien/vision';
import type { LocatedFace } from './located-face';

/** What a job wants of its faces. */
export interface Wanted {
  readonly landmarks: boolean;
  readonly mesh: boolean;
  readonly quality: boolean;
  /** Side of the aligned face in pixels; undefined when nothing after this stage needs it. */
  readonly alignedSide: number | undefined;
}

/** `alignedSide` is what the pack's embedding model takes, undefined when the pack has none. */
export function wantedOf(options: JobOptions | undefined, alignedSide: number | undefined): Wanted {
  const features = options?.features;
  const template = (features?.template ?? false) || (options?.compare ?? false);
  return {
    landmarks: features?.landmarks ?? false,
    mesh: features?.mesh ?? false,
    quality: (features?.quality ?? false) || (options?.qualityControl ?? 0) > 0,
    alignedSide: template ? alignedSide : undefined,
  };
}

/** The face with all that is wanted of it; the mesh travels on in any case, later stages work from it. */
export function answeredFace(located: LocatedFace, wanted: Wanted): FaceOnLine {
  const { face, inCrop, inPhoto, crop, area, placement } = located;
  const answer = Face.fromPartial({
    ...face.answer,
    ...(wanted.landmarks ? landmarkAnswer(inPhoto) : {}),
    ...(wanted.mesh ? { mesh: points3(inPhoto.mesh) } : {}),
    ...(wanted.quality
      ? { quality: assessQuality({ picture: crop, mesh: inCrop.mesh, area, scale: placement.scale }) }
      : {}),
  });
  return {
    ...face,
    answer,
    aligned: wanted.alignedSide === undefined ? undefined : alignedCrop(located, wanted.alignedSide),
    mesh: Array.from(inPhoto.mesh),
    meshPresence: inPhoto.presence,
  };
}

function landmarkAnswer(geometry: FaceGeometry): Partial<Face> {
  return {
    landmarks: faceLandmarks(geometry),
    alignment: alignmentPoints(geometry),
    pose: headPose(geometry.mesh),
    openness: openness(geometry),
  };
}

function points3(mesh: Float32Array): Point3[] {
  return Array.from({ length: mesh.length / 3 }, (_, index) => ({
    x: mesh[index * 3] ?? 0,
    y: mesh[index * 3 + 1] ?? 0,
    z: mesh[index * 3 + 2] ?? 0,
  }));
}

function alignedCrop({ crop, inCrop }: LocatedFace, side: number): Crop {
  const { data, width, height } = alignFace(crop, alignmentPoints(inCrop), side);
  const value = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return { pixels: { $case: 'rgb', value }, width, height, left: 0, top: 0, scale: 0 };
}
