import { MienError } from '@mien/errors';
import { type Affine, compose } from '../image/affine';
import { type RgbImage, rgbImage } from '../image/rgb-image';
import { warp } from '../image/warp';

export interface AlignmentPoint {
  readonly x: number;
  readonly y: number;
}

/**
 * Where eye centres, nose tip and mouth corners (picture-left first) lie on an aligned face of 112x112 pixels:
 * the template that the ArcFace models were trained with (J. Deng et al., "ArcFace", CVPR 2019, reference code).
 */
const ARCFACE_TEMPLATE: readonly AlignmentPoint[] = [
  { x: 38.2946, y: 51.6963 },
  { x: 73.5318, y: 51.5014 },
  { x: 56.0252, y: 71.7366 },
  { x: 41.5493, y: 92.3655 },
  { x: 70.7299, y: 92.2041 },
];
const TEMPLATE_SIDE = 112;

/** Bilinear sampling looks at 2x2 pixels: from this reduction on it would skip some of them. */
const SMOOTH_FROM_REDUCTION = 1.5;

/**
 * The face whose five points (picture-left eye, picture-right eye, nose tip, picture-left and picture-right mouth
 * corner, in pixels of `picture`) are given, turned, scaled and moved onto the ArcFace template: `side` x `side`
 * pixels, black where the picture ends. Throws ARGUMENT_INVALID when there are not five points or they coincide.
 */
export function alignFace(
  picture: RgbImage,
  points: readonly AlignmentPoint[],
  side: number = TEMPLATE_SIDE,
): RgbImage {
  const toAligned = similarityTransform(points, templateOf(side));
  const reduction = 1 / Math.hypot(toAligned.a, toAligned.d);
  if (reduction <= SMOOTH_FROM_REDUCTION) {
    return warp(picture, toAligned, side, side);
  }
  // Every target pixel becomes the mean of fine x fine samples, spread evenly over its square.
  const fine = Math.ceil(reduction);
  const refine: Affine = { a: fine, b: 0, c: (fine - 1) / 2, d: 0, e: fine, f: (fine - 1) / 2 };
  return shrink(warp(picture, compose(refine, toAligned), side * fine, side * fine), fine);
}

function templateOf(side: number): readonly AlignmentPoint[] {
  const scale = side / TEMPLATE_SIDE;
  // Pixel index i is the centre of pixel i, so that a picture's corner lies at -0.5.
  return ARCFACE_TEMPLATE.map(({ x, y }) => ({ x: (x + 0.5) * scale - 0.5, y: (y + 0.5) * scale - 0.5 }));
}

/**
 * The turn, scaling and shift that bring `from` nearest to `to` in the least-squares sense: S. Umeyama,
 * "Least-squares estimation of transformation parameters between two point patterns", PAMI 1991, which in the
 * plane and without reflection is a quotient of complex numbers.
 */
export function similarityTransform(from: readonly AlignmentPoint[], to: readonly AlignmentPoint[]): Affine {
  if (from.length !== to.length) {
    throw new MienError('ARGUMENT_INVALID', `alignment takes ${to.length} points, not ${from.length}`);
  }
  const source = centroid(from);
  const target = centroid(to);
  let real = 0;
  let imaginary = 0;
  let spread = 0;
  to.forEach(({ x: tx, y: ty }, index) => {
    const { x: fx, y: fy } = from[index] ?? source;
    const [px, py, qx, qy] = [fx - source.x, fy - source.y, tx - target.x, ty - target.y];
    real += px * qx + py * qy;
    imaginary += px * qy - py * qx;
    spread += px * px + py * py;
  });
  const a = real / spread;
  const d = imaginary / spread;
  if (!Number.isFinite(a) || !Number.isFinite(d) || (a === 0 && d === 0)) {
    throw new MienError('ARGUMENT_INVALID', 'the alignment points do not span a face');
  }
  return {
    a,
    b: -d,
    c: target.x - (a * source.x - d * source.y),
    d,
    e: a,
    f: target.y - (d * source.x + a * source.y),
  };
}

function centroid(points: readonly AlignmentPoint[]): AlignmentPoint {
  const sum = points.reduce((total, { x, y }) => ({ x: total.x + x, y: total.y + y }), { x: 0, y: 0 });
  return { x: sum.x / points.length, y: sum.y / points.length };
}

/** The picture reduced `times` times, each pixel the mean of its square. */
function shrink(picture: RgbImage, times: number): RgbImage {
  const width = picture.width / times;
  const height = picture.height / times;
  const sums = new Uint32Array(width * height * 3);
  const { data } = picture;
  let from = 0;
  for (let y = 0; y < picture.height; y++) {
    const row = ((y / times) | 0) * width * 3;
    for (let x = 0; x < picture.width; x++, from += 3) {
      const at = row + ((x / times) | 0) * 3;
      // The indexes are inside by construction; the defaults only satisfy the type.
      sums[at] = (sums[at] ?? 0) + (data[from] ?? 0);
      sums[at + 1] = (sums[at + 1] ?? 0) + (data[from + 1] ?? 0);
      sums[at + 2] = (sums[at + 2] ?? 0) + (data[from + 2] ?? 0);
    }
  }
  const count = times * times;
  return rgbImage(
    Uint8Array.from(sums, (sum) => Math.round(sum / count)),
    width,
    height,
  );
}
