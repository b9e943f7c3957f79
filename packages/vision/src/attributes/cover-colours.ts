import { meshPoint } from '../landmarks/mesh';
import { scaleRegion } from '../landmarks/region';
import { regionPicture } from '../landmarks/region-picture';
import type { FaceView } from './face-view';

/** Mesh points of skin that no mask covers: forehead, under both eyes. */
const BARE = [151, 119, 348];
/** Mesh points that masks cover, by how they are worn: nose, cheeks, lips, jaw, chin. */
const COVERED = [
  6, 195, 4, 50, 280, 205, 425, 164, 61, 291, 0, 17, 18, 200, 199, 175, 152, 172, 397, 136, 365,
];
/** Sides of the face's box: how far below the chin's point masks still hang. */
const BELOW_CHIN = [0.08, 0.16];

/** Side of a spot over the side of the face's box, and on how many pixels it is looked at. */
const SPOT_SHARE = 0.09;
const SPOT_PIXELS = 6;

/** Mean brightness and two colour differences of a spot, and the spread of its brightness. */
type Spot = readonly [luma: number, blue: number, red: number, spread: number];

/** Numbers that each spot is told in. */
const NUMBERS = 6;

/** How many numbers {@link coverColours} gives. */
export const COVER_COLOURS = (COVERED.length + BELOW_CHIN.length) * NUMBERS;

/**
 * How the colour of each place that a mask may cover differs from that of bare skin: brightness, blue and red, how
 * far from the skin's brightness and colour, and how rough. In parts of the skin's brightness.
 */
export function coverColours(view: FaceView): Float32Array {
  const skins = BARE.map((index) => spot(view, meshPoint(view.mesh, index)));
  const skin = [0, 1, 2].map((k) => skins.reduce((sum, values) => sum + (values[k] ?? 0), 0) / skins.length);
  const [luma = 0, blue = 0, red = 0] = skin;
  const chin = meshPoint(view.mesh, 152);
  const { roll, side } = view.square;
  const places = [
    ...COVERED.map((index) => meshPoint(view.mesh, index)),
    ...BELOW_CHIN.map((share) => ({
      x: chin.x - Math.sin(roll) * share * side,
      y: chin.y + Math.cos(roll) * share * side,
    })),
  ];
  const unit = Math.max(luma, 20);
  return Float32Array.from(
    places.flatMap((place) => {
      const [y, b, r, spread] = spot(view, place);
      const [dy, db, dr] = [(y - luma) / unit, (b - blue) / unit, (r - red) / unit];
      return [dy, db, dr, Math.abs(dy), Math.hypot(db, dr), spread / unit];
    }),
  );
}

function spot(view: FaceView, { x, y }: { readonly x: number; readonly y: number }): Spot {
  const { data } = regionPicture(
    view.picture,
    scaleRegion({ ...view.square, x, y }, SPOT_SHARE),
    SPOT_PIXELS,
  );
  const count = data.length / 3;
  let [luma, blue, red, squares] = [0, 0, 0, 0];
  for (let at = 0; at < data.length; at += 3) {
    const [r, g, b] = [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0];
    const brightness = 0.299 * r + 0.587 * g + 0.114 * b;
    luma += brightness / count;
    squares += (brightness * brightness) / count;
    blue += (b - brightness) / count;
    red += (r - brightness) / count;
  }
  return [luma, blue, red, Math.sqrt(Math.max(0, squares - luma * luma))];
}
