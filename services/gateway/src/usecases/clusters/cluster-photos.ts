import { type Cluster, clusterInThread } from '@mien/clustering';
import { MienError } from '@mien/errors';
import type { ClusterPhotosRequest, ClusterPhotosResponse, FaceCluster, ScoreCalibration } from '@mien/proto';
import { cosineReaching, scoreOf } from '@mien/vision/similarity';
import type { Call } from '../call';
import { MAX_ALBUM_FACES } from '../limits';
import type { Dependencies } from '../ports';
import { openAlbum } from './album';
import { inParallel, untilAborted } from './in-parallel';
import { type AlbumFace, type PhotoFaces, photoFaces } from './photo-faces';

/** Photos of an album that are held in memory and worked on at once. */
const PHOTOS_AT_ONCE = 8;
/** Of every third person of LFW, the score that joined most faces rightly while 99 % of the joined pairs were right. */
const DEFAULT_MINIMUM_SCORE = 50;

/** mien.v1.ClusteringService's call, without a transport. */
export type ClusterPhotos = (
  messages: AsyncIterable<ClusterPhotosRequest>,
  call: Call,
) => Promise<ClusterPhotosResponse>;

/** Sends each photo of an album down the line as it comes, and sorts all their faces by person. */
export async function clusterPhotos(
  messages: AsyncIterable<ClusterPhotosRequest>,
  call: Call,
  deps: Dependencies,
): Promise<ClusterPhotosResponse> {
  const { settings, photos } = await openAlbum(untilAborted(messages, call.signal));
  let count = 0;
  const answers = await inParallel(photos, PHOTOS_AT_ONCE, async (photo) => {
    try {
      const answer = await photoFaces(photo, settings, call, deps);
      count += answer.faces.length;
      refuseTooMany(count);
      return answer;
    } catch (error) {
      // The album has failed: neither further photos nor answers about the others are of use.
      call.cancel(error);
      throw error;
    }
  });
  const refused = answers.flatMap((answer) => answer.refused ?? []);
  const faces = answers.flatMap((answer) => answer.faces);
  const modelVersion = oneVersionOf(faces);
  const least = settings.minimumScore ?? DEFAULT_MINIMUM_SCORE;
  return { clusters: await clustersOf(faces, calibrationOf(answers), least, call), refused, modelVersion };
}

async function clustersOf(
  faces: readonly AlbumFace[],
  calibration: ScoreCalibration,
  minimumScore: number,
  call: Call,
): Promise<FaceCluster[]> {
  const dimensions = faces[0]?.vector.length ?? 1;
  const values = new Float32Array(faces.length * dimensions);
  for (const [place, { vector }] of faces.entries()) {
    values.set(vector, place * dimensions);
  }
  const least = cosineReaching(minimumScore, calibration);
  const clusters = await clusterInThread({ values, dimensions }, least, call.signal);
  return clusters.map((cluster) => told(cluster, faces, calibration));
}

function told(
  { faces: places, cohesion }: Cluster,
  faces: readonly AlbumFace[],
  calibration: ScoreCalibration,
): FaceCluster {
  return {
    faces: places.flatMap((place) => {
      const face = faces[place];
      return face === undefined ? [] : [{ photo: face.photo, box: face.box, confidence: face.confidence }];
    }),
    meanScore: cohesion && scoreOf(cohesion.meanCosine, calibration),
    minimumScore: cohesion && scoreOf(cohesion.minimumCosine, calibration),
  };
}

function refuseTooMany(count: number): void {
  if (count > MAX_ALBUM_FACES) {
    throw new MienError('LIMIT_REACHED', `the album has more than ${MAX_ALBUM_FACES} faces`, {
      metadata: { limit: 'faces', maximum: String(MAX_ALBUM_FACES) },
    });
  }
}

/** Empty without any face. Throws MODEL_VERSIONS_DIFFER when the model was replaced meanwhile. */
function oneVersionOf(faces: readonly AlbumFace[]): string {
  const [first = '', second] = new Set(faces.map(({ modelVersion }) => modelVersion));
  if (second !== undefined) {
    throw new MienError(
      'MODEL_VERSIONS_DIFFER',
      'the embedding model was replaced while the album was read',
      {
        metadata: { versionA: first, versionB: second },
      },
    );
  }
  return first;
}

function calibrationOf(answers: readonly PhotoFaces[]): ScoreCalibration {
  const withFaces = answers.find(({ faces }) => faces.length > 0);
  if (withFaces !== undefined && withFaces.calibration === undefined) {
    throw new MienError('INTERNAL', 'the line answered without the calibration of its scores');
  }
  return withFaces?.calibration ?? { knots: [] };
}
