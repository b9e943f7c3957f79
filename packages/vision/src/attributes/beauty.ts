import type { Attributes } from '@mien/proto';
import { headPose } from '../landmarks/head-pose';
import type { FaceView } from './face-view';
import { proportions } from './geometry/proportions';
import { asymmetry } from './geometry/symmetry';
import { logistic } from './probability';
import { skinUnevenness } from './skin';
import { unusualness } from './unusualness';
import { USUAL_FACE } from './usual-face';

/** The most that the score is worth: nobody's taste was asked, and two photos of one person get unrelated scores. */
const HIGHEST_PROBABILITY = 0.1;
/** Turned by so many degrees, the mesh's far half is a guess. */
const TURNED = 45;

/**
 * A crude convention and no judgement: 50 for a face as symmetric, as usual in its proportions and as even in its
 * skin as the median of the LFW people, more where it is all of that to a higher degree. The three count alike.
 */
export function beautyEstimate(view: FaceView, trust: number): Attributes['beauty'] {
  const turn = Math.min(1, Math.abs(headPose(view.mesh).yaw) / TURNED);
  return {
    score: 100 * logistic(meanStanding(view)),
    probability: HIGHEST_PROBABILITY * trust * (1 - turn / 2),
  };
}

/** Mean of the three parts, each in spreads above the median. */
function meanStanding(view: FaceView): number {
  const parts = {
    asymmetry: asymmetry(view.mesh),
    unusualness: unusualness(proportions(view.mesh), USUAL_FACE.proportions),
    unevenness: skinUnevenness(view),
  };
  const standing = (part: keyof typeof parts) => {
    const { median, spread } = USUAL_FACE[part];
    return (median - Math.log(Math.max(parts[part], 1e-6))) / spread;
  };
  return (standing('asymmetry') + standing('unusualness') + standing('unevenness')) / 3;
}
