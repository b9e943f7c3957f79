import { between, distance, type Mesh, meshPoint, type Position } from '../../landmarks/mesh';
import type { Random } from '../../liveness/calibration/random';

/** How a drawn mask is worn. */
export type DrawnMask = 'chin' | 'mouth' | 'full';

/** Contour of the face from temple to temple, picture-left first; the middle one is the chin. */
const CONTOUR = [
  234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323, 454,
];

/** Upper edge of a mask by how it is worn: mesh points from picture-left to right; and where the contour starts. */
const UPPER_EDGES: Readonly<Record<DrawnMask, readonly { points: readonly number[]; from: number }[]>> = {
  full: [
    { points: [227, 118, 196, 6, 419, 347, 447], from: 1 },
    { points: [137, 101, 198, 195, 420, 330, 366], from: 1 },
    { points: [234, 117, 197, 346, 454], from: 1 },
  ],
  mouth: [
    { points: [177, 207, 167, 164, 393, 427, 401], from: 2 },
    { points: [132, 187, 97, 2, 326, 411, 361], from: 2 },
  ],
  chin: [
    { points: [172, 212, 182, 18, 406, 432, 397], from: 4 },
    { points: [136, 210, 201, 200, 421, 430, 365], from: 5 },
  ],
};

const CLOTH = [
  [176, 208, 226],
  [196, 222, 236],
  [150, 190, 210],
  [240, 240, 240],
  [225, 222, 215],
  [30, 30, 32],
  [55, 58, 66],
  [120, 122, 128],
  [40, 50, 95],
  [190, 60, 70],
  [225, 170, 185],
  [90, 130, 100],
  [205, 190, 150],
  [110, 80, 60],
] as const;

const LENSES = [
  [12, 12, 14],
  [25, 20, 18],
  [45, 30, 20],
  [20, 35, 25],
  [30, 35, 60],
  [60, 60, 66],
  [80, 45, 30],
  [70, 30, 60],
] as const;

/** SVG shapes of a mask over the face: cloth with folds, shading and ear loops. */
export function maskShapes(mesh: Mesh, worn: DrawnMask, light: number, random: Random): string {
  const { points, from } = random.pick(UPPER_EDGES[worn]);
  const unit = distance(meshPoint(mesh, 33), meshPoint(mesh, 263));
  const chin = meshPoint(mesh, 152);
  const brow = meshPoint(mesh, 9);
  const down = direction(brow, chin);
  const wobble = (p: Position, by = 0.03): Position => ({
    x: p.x + random.normal() * by * unit,
    y: p.y + random.normal() * by * unit,
  });
  const upper = points.map((index) => wobble(meshPoint(mesh, index)));
  const hang = (worn === 'chin' ? random.between(0.25, 0.6) : random.between(0.02, 0.22)) * unit;
  const contour = CONTOUR.slice(from, CONTOUR.length - from).reverse();
  const lower = contour.map((index, place) => {
    const middle = 1 - Math.abs((2 * place) / (contour.length - 1) - 1);
    return wobble(moved(meshPoint(mesh, index), down, hang * middle), 0.02);
  });
  const colour = shade(random.pick(CLOTH), light * random.between(0.75, 1.15));
  const edge = shade(random.pick(CLOTH), light * 0.8);
  const outline = smooth([...upper, ...lower]);
  const middle = between(meshPoint(mesh, 61), meshPoint(mesh, 291));
  const folds = Array.from({ length: random.whole(0, 4) }, () => {
    const at = moved(middle, down, random.between(-0.5, 0.6) * unit);
    return `<ellipse cx="${at.x}" cy="${at.y}" rx="${unit * 0.5}" ry="${unit * 0.025}" fill="black" opacity="${random.between(0.05, 0.25)}"/>`;
  }).join('');
  const print = random.chance(0.25) ? pattern(middle, unit, light, random) : '';
  const loop = random.chance(0.7) ? loops(mesh, edge, unit) : '';
  return `<defs><linearGradient id="g" x1="${random.between(0, 1)}" y1="0" x2="${random.between(0, 1)}" y2="1">
<stop offset="0" stop-color="white" stop-opacity="${random.between(0, 0.35)}"/><stop offset="1" stop-color="black" stop-opacity="${random.between(0, 0.5)}"/></linearGradient>
<filter id="b"><feGaussianBlur stdDeviation="${random.between(0.2, 0.9)}"/></filter><clipPath id="c"><path d="${outline}"/></clipPath></defs>
${loop}<g filter="url(#b)" opacity="${random.between(0.92, 1)}"><path d="${outline}" fill="${colour}"/>
<g clip-path="url(#c)">${print}${folds}<path d="${outline}" fill="url(#g)"/></g></g>`;
}

/** SVG shapes of sunglasses over the eyes. */
export function sunglassesShapes(mesh: Mesh, light: number, random: Random): string {
  const left = between(meshPoint(mesh, 33), meshPoint(mesh, 133));
  const right = between(meshPoint(mesh, 362), meshPoint(mesh, 263));
  const unit = distance(left, right);
  const turn = (Math.atan2(right.y - left.y, right.x - left.x) * 180) / Math.PI;
  const width = unit * random.between(0.62, 0.95);
  const height = width * random.between(0.5, 0.95);
  const round = height * random.between(0.15, 0.5);
  const lens = shade(random.pick(LENSES), light * random.between(0.7, 1.4));
  const frame = shade(random.pick(LENSES), light);
  const stroke = unit * random.between(0.01, 0.07);
  const opacity = random.between(0.78, 1);
  const drop = unit * random.between(-0.02, 0.14);
  const fade = random.between(0, 0.4);
  const glass = ({ x, y }: Position) =>
    `<g transform="translate(${x} ${y + drop}) rotate(${turn})"><rect x="${-width / 2}" y="${-height / 2}" width="${width}" height="${height}" rx="${round}" fill="${lens}" fill-opacity="${opacity}" stroke="${frame}" stroke-width="${stroke}"/>
<rect x="${-width / 2}" y="${-height / 2}" width="${width}" height="${height}" rx="${round}" fill="url(#f)"/></g>`;
  const temple = (from: Position, to: Position) => line(from, to, frame, stroke + unit * 0.02);
  return `<defs><linearGradient id="f" x1="${random.between(0, 1)}" y1="0" x2="${random.between(0, 1)}" y2="1">
<stop offset="0" stop-color="white" stop-opacity="${fade}"/><stop offset="${random.between(0.3, 1)}" stop-color="white" stop-opacity="0"/></linearGradient>
<filter id="b"><feGaussianBlur stdDeviation="${random.between(0.2, 0.8)}"/></filter></defs><g filter="url(#b)">
${temple(left, meshPoint(mesh, 127))}${temple(right, meshPoint(mesh, 356))}${line(left, right, frame, stroke + unit * 0.03)}${glass(left)}${glass(right)}</g>`;
}

/** Something that is no mask in front of the lower face: a ball, a microphone, a hand's worth of colour. */
export function clutterShapes(mesh: Mesh, light: number, random: Random): string {
  const unit = distance(meshPoint(mesh, 33), meshPoint(mesh, 263));
  const at = meshPoint(mesh, random.pick([61, 291, 152, 58, 288, 205, 425, 17, 9, 107, 336]));
  const colour = shade(random.pick([...CLOTH, [205, 160, 135], [150, 105, 80]] as const), light);
  const turn = random.between(-60, 60);
  return `<defs><filter id="b"><feGaussianBlur stdDeviation="${random.between(0.3, 1)}"/></filter></defs>
<ellipse filter="url(#b)" cx="0" cy="0" rx="${unit * random.between(0.1, 0.28)}" ry="${unit * random.between(0.12, 0.5)}" fill="${colour}" transform="translate(${at.x} ${at.y}) rotate(${turn})"/>`;
}

function pattern(middle: Position, unit: number, light: number, random: Random): string {
  const colour = shade(random.pick(CLOTH), light);
  return Array.from({ length: random.whole(3, 14) }, () => {
    const x = middle.x + random.normal() * unit * 0.5;
    const y = middle.y + random.normal() * unit * 0.4;
    return `<circle cx="${x}" cy="${y}" r="${unit * random.between(0.02, 0.12)}" fill="${colour}"/>`;
  }).join('');
}

function loops(mesh: Mesh, colour: string, unit: number): string {
  return (
    [
      [137, 234, 132],
      [366, 454, 361],
    ] as const
  )
    .map(([up, ear, low]) =>
      [up, low]
        .map((index) => line(meshPoint(mesh, index), meshPoint(mesh, ear), colour, unit * 0.025))
        .join(''),
    )
    .join('');
}

function line(from: Position, to: Position, colour: string, width: number): string {
  return `<line x1="${from.x}" y1="${from.y}" x2="${to.x}" y2="${to.y}" stroke="${colour}" stroke-width="${width}"/>`;
}

/** `light` 1 is a face at middle brightness. */
function shade([red, green, blue]: readonly [number, number, number], light: number): string {
  const value = (channel: number) => Math.min(255, Math.max(0, Math.round(channel * light)));
  return `rgb(${value(red)},${value(green)},${value(blue)})`;
}

function direction(from: Position, to: Position): Position {
  const length = distance(from, to);
  return { x: (to.x - from.x) / length, y: (to.y - from.y) / length };
}

function moved(from: Position, along: Position, by: number): Position {
  return { x: from.x + along.x * by, y: from.y + along.y * by };
}

/** A closed path through the middles of a polygon's sides, bent at its corners. */
function smooth(corners: readonly Position[]): string {
  const last = corners[corners.length - 1] ?? { x: 0, y: 0 };
  const first = corners[0] ?? last;
  const start = between(last, first);
  const bends = corners.map((corner, index) => {
    const end = between(corner, corners[index + 1] ?? first);
    return `Q${corner.x} ${corner.y} ${end.x} ${end.y}`;
  });
  return `M${start.x} ${start.y}${bends.join('')}Z`;
}
