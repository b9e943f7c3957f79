import { MienError, mayPass } from '@mien/errors';
import {
  type AlbumPhoto,
  type BoundingBox,
  type ClusterSettings,
  type FaceOnLine,
  Priority,
  type RefusedPhoto,
  type ScoreCalibration,
} from '@mien/proto';
import { answeredPhoto } from '../answers';
import type { Call } from '../call';
import { featuresFor } from '../library/library-task';
import { obtainPhoto } from '../photo-intake';
import type { Dependencies } from '../ports';
import { runJob } from '../run-job';

/** A face of an album, and what it is compared by. */
export interface AlbumFace {
  readonly photo: string;
  readonly box: BoundingBox | undefined;
  readonly confidence: number;
  readonly modelVersion: string;
  readonly vector: Float32Array;
}

/** What the line made of a photo. */
export interface PhotoFaces {
  readonly faces: readonly AlbumFace[];
  /** There when there are faces. */
  readonly calibration: ScoreCalibration | undefined;
  readonly refused: RefusedPhoto | undefined;
}

/** The faces of one photo; what is wrong with it is its answer. Throws what is wrong with more than the photo. */
export async function photoFaces(
  { name, image }: AlbumPhoto,
  settings: ClusterSettings,
  call: Call,
  deps: Dependencies,
): Promise<PhotoFaces> {
  try {
    const photo = await obtainPhoto(image, 'photo.image', deps.fetcher, call.signal);
    const options = {
      detection: settings.detection,
      features: featuresFor({ quality: false }),
      calibration: true,
    };
    const job = await runJob({ photos: [photo], options, priority: priorityOf(settings) }, call, deps);
    const faces = answeredPhoto(job.photos, 0).faces.map((face) => albumFace(name, face));
    return { faces, calibration: job.calibration, refused: undefined };
  } catch (error) {
    if (error instanceof MienError && isOfPhoto(error)) {
      const { reason, message } = error;
      const refused = { photo: name, refusal: { reason, message } };
      return { faces: [], calibration: undefined, refused };
    }
    throw error;
  }
}

function priorityOf({ priority }: ClusterSettings): Priority {
  return priority === Priority.PRIORITY_UNSPECIFIED ? Priority.PRIORITY_BATCH : priority;
}

function albumFace(photo: string, { answer }: FaceOnLine): AlbumFace {
  if (answer?.template === undefined) {
    throw new MienError('INTERNAL', 'the line answered without a template');
  }
  const { box, confidence, template } = answer;
  const vector = Float32Array.from(template.vector);
  return { photo, box, confidence, modelVersion: template.modelVersion, vector };
}

/** Whether another photo may do well: a stage that gave up did so on this one. */
function isOfPhoto({ reason }: MienError): boolean {
  return reason !== 'DEADLINE_EXCEEDED' && (!mayPass(reason) || reason === 'STAGE_FAILED');
}
