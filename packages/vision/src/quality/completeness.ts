import type { Completeness, HeadPose } from '@mien/proto';
import type { Mesh } from '../landmarks/mesh';
import { appearanceAt } from './appearance';
import { type AppearanceFit, fitAppearance } from './appearance-fit';
import { FACE_APPEARANCE, FACE_PARTS, type FacePart } from './appearance-model';
import { type FaceRaster, rasterPositions } from './face-raster';
import { visibility } from './visibility';

/** The rectangle of a picture that shows the photo; a crop is black beyond the photo's edge. In its pixels. */
export interface PhotoArea {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * Strangeness at which a vertex counts as half covered, part by part: brows and eyes differ more from face to face
 * (glasses, fringes, make-up) than mouths do. Chosen on LFW; see models/cards/quality.md.
 */
const HALF_COVERED: Readonly<Record<FacePart, number>> = {
  eyebrow: 3,
  eye: 3,
  nose: 2.4,
  cheek: 2.6,
  mouth: 2.4,
  chin: 2.6,
};

/** How suddenly a vertex goes from uncovered to covered, per unit of strangeness. */
const STEEPNESS = 4;

/** A vertex that can hardly be seen still counts this much, so that no part is without any. */
const LEAST_WEIGHT = 1e-3;

/** How uncovered each part of the face is, 0..100: the share of it that looks as a face would and is in the photo. */
export function completeness(raster: FaceRaster, mesh: Mesh, pose: HeadPose, area: PhotoArea): Completeness {
  const seen = visibility(FACE_APPEARANCE, pose);
  const inPhoto = FACE_APPEARANCE.vertices.map((vertex) => isInside(area, mesh, vertex));
  const fitted = seen.map((weight, at) => (inPhoto[at] ? weight : 0));
  const appearance = appearanceAt(raster.picture, rasterPositions(raster, mesh, FACE_APPEARANCE.vertices));
  const { strangeness } = likelierFit(appearance, fitted);
  const shares = FACE_PARTS.map((part) => {
    let uncovered = 0;
    let all = 0;
    for (const [at, of] of FACE_APPEARANCE.parts.entries()) {
      if (of !== part) continue;
      const weight = (seen[at] ?? 0) + LEAST_WEIGHT;
      all += weight;
      if (inPhoto[at]) {
        uncovered += weight / (1 + Math.exp(STEEPNESS * ((strangeness[at] ?? 0) - HALF_COVERED[part])));
      }
    }
    return (100 * uncovered) / all;
  });
  const [eyebrow = 0, eye = 0, nose = 0, cheek = 0, mouth = 0, chin = 0] = shares;
  return { eyebrow, eye, nose, cheek, mouth, chin };
}

function isInside(area: PhotoArea, mesh: Mesh, vertex: number): boolean {
  const x = mesh[vertex * 3] ?? 0;
  const y = mesh[vertex * 3 + 1] ?? 0;
  return x >= area.left && x <= area.right && y >= area.top && y <= area.bottom;
}

/** Of 134 uncovered faces 97 % fit with an oddity up to 57; a mask taken for skin mostly gives 70 to 140. */
const ODD = 57;

/** The face read from its upper half must be this much less odd to be believed instead. */
const MUCH_LESS_ODD = 0.8;

/** And its upper half must look like a face: dark glasses are not one. Share that may be strange, and how strange. */
const UPPER_STRANGE = { share: 0.45, from: 2.4 } as const;

const WHOLE_FACE = { tolerances: [8, 4, 2.5, 2], prior: 1 } as const;
const UPPER_FACE = { tolerances: [4, 3, 2.5], prior: 4 } as const;

/** What the lower half counts when the face is read from its upper half. */
const LOWER_WEIGHT = 0.02;

/**
 * The face that explains the picture. A mask covers more than half of the face: the fit may then take the mask for
 * skin and call the eyes covered. Such a face is odd, and the face is read from forehead, brows and eyes instead.
 */
function likelierFit(appearance: Float32Array, weights: Float64Array): AppearanceFit {
  const whole = fitAppearance(FACE_APPEARANCE, appearance, { ...WHOLE_FACE, weights });
  if (whole.oddity < ODD) return whole;
  const upperWeights = weights.map((weight, at) =>
    FACE_APPEARANCE.upper[at] ? weight : weight * LOWER_WEIGHT,
  );
  const upper = fitAppearance(FACE_APPEARANCE, appearance, { ...UPPER_FACE, weights: upperWeights });
  const plausible =
    upper.oddity < whole.oddity * MUCH_LESS_ODD && upperStrange(upper, weights) < UPPER_STRANGE.share;
  return plausible ? upper : whole;
}

function upperStrange({ strangeness }: AppearanceFit, weights: Float64Array): number {
  let strange = 0;
  let all = 0;
  for (const [at, weight] of weights.entries()) {
    if (!FACE_APPEARANCE.upper[at]) continue;
    all += weight;
    if ((strangeness[at] ?? 0) > UPPER_STRANGE.from) strange += weight;
  }
  return all > 0 ? strange / all : 1;
}
