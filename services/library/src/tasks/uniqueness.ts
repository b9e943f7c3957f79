import { MienError } from '@mien/errors';
import { type Candidate, UniquenessControl } from '@mien/proto';
import { scoreOf } from '@mien/vision';
import type { Library } from '../library';
import { cosineOfScore } from './score';

/**
 * The score from which on a level takes two faces for one person. 40, 50 and 60 stand for false-accept rates of 1e-3,
 * 1e-4 and 1e-5 with every model (Similarity.score); 30 stands for 1e-2 by the same rule that ten points are a tenth
 * of the false accepts. Of these 30 is the plain quantile of the calibration's impostor pairs, without the caution
 * that the others have (models/calibration/embedding/README.md).
 */
const THRESHOLD: Readonly<Record<UniquenessControl, number | undefined>> = {
  [UniquenessControl.UNIQUENESS_CONTROL_UNSPECIFIED]: undefined,
  [UniquenessControl.UNIQUENESS_CONTROL_LOW]: 30,
  [UniquenessControl.UNIQUENESS_CONTROL_MEDIUM]: 40,
  [UniquenessControl.UNIQUENESS_CONTROL_HIGH]: 50,
  [UniquenessControl.UNIQUENESS_CONTROL_VERY_HIGH]: 60,
};

/** The score of a level; undefined when nothing is to be checked. Throws ARGUMENT_INVALID when there is no such level. */
export function uniquenessThreshold(level: UniquenessControl): number | undefined {
  if (!Object.hasOwn(THRESHOLD, level)) {
    throw new MienError('ARGUMENT_INVALID', 'uniqueness_control: there is no such level', {
      metadata: { field: 'uniqueness_control' },
    });
  }
  return THRESHOLD[level];
}

export interface UniquenessCheck {
  readonly template: Float32Array;
  readonly groupId: string;
  readonly modelVersion: string;
  readonly threshold: number;
  /** Who the template belongs to. */
  readonly personId: string;
}

/** Another person of the group whose face reaches the threshold, the most alike one. */
export async function similarPerson(
  { template, groupId, modelVersion, threshold, personId }: UniquenessCheck,
  library: Library,
): Promise<Candidate | undefined> {
  const calibration = library.model.calibrationOf(modelVersion);
  const matches = await library.index.nearest(template, {
    groupIds: [groupId],
    modelVersion,
    // The person's own face may be among them already.
    count: 2,
    minimumCosine: cosineOfScore(threshold, calibration),
  });
  const other = matches.find(({ face }) => face.personId !== personId);
  return (
    other && {
      personId: other.face.personId,
      faceId: other.face.faceId,
      score: scoreOf(other.cosine, calibration),
      person: undefined,
    }
  );
}
