import type { RgbImage } from '../../image/rgb-image';
import { FACE, SURROUNDINGS } from './regions';

/** What part of the colour space the face and its surroundings use. Levels and chroma in 0..255 units. */
export interface ColourGamut {
  /** Darkest (2 %) luma of the face: print and screens lift black. */
  readonly faceBlack: number;
  /** Brightest (98 %) luma of the face. */
  readonly faceWhite: number;
  /** Darkest luma of the surroundings. */
  readonly surroundingsBlack: number;
  /** Mean chroma (distance from grey) of the face. */
  readonly faceChroma: number;
  /** Spread of the chroma over the face. */
  readonly faceChromaSpread: number;
  /** Mean of Cb over the face less that over the surroundings: positive where the face is the bluer. */
  readonly blueness: number;
}

/** Measures the gamut: inks, paper and displays reach fewer colours than a scene, and tint those that they reach. */
export function colourGamut(image: RgbImage, zones: Uint8Array): ColourGamut {
  const face = new ZoneColours();
  const surroundings = new ZoneColours();
  for (let i = 0, p = 0; i < zones.length; i++, p += 3) {
    const zone = zones[i];
    if (zone !== FACE && zone !== SURROUNDINGS) {
      continue;
    }
    const colours = zone === FACE ? face : surroundings;
    colours.add(image.data[p] ?? 0, image.data[p + 1] ?? 0, image.data[p + 2] ?? 0);
  }
  return {
    faceBlack: face.level(0.02),
    faceWhite: face.level(0.98),
    surroundingsBlack: surroundings.count === 0 ? face.level(0.02) : surroundings.level(0.02),
    faceChroma: face.meanChroma,
    faceChromaSpread: face.chromaSpread,
    blueness: surroundings.count === 0 ? 0 : face.meanBlue - surroundings.meanBlue,
  };
}

/** Running figures of one zone's colours. */
class ZoneColours {
  count = 0;
  private readonly histogram = new Uint32Array(256);
  private blue = 0;
  private chroma = 0;
  private chromaSquared = 0;

  add(red: number, green: number, blue: number): void {
    const y = 0.299 * red + 0.587 * green + 0.114 * blue;
    // JPEG's colour differences (ITU-T T.871).
    const cb = 0.564 * (blue - y);
    const cr = 0.713 * (red - y);
    const chroma = Math.sqrt(cb * cb + cr * cr);
    const level = Math.min(255, Math.round(y));
    this.histogram[level] = (this.histogram[level] ?? 0) + 1;
    this.count++;
    this.blue += cb;
    this.chroma += chroma;
    this.chromaSquared += chroma * chroma;
  }

  /** The luma below which this share of the pixels lies. */
  level(share: number): number {
    let left = share * this.count;
    let level = 0;
    while (level < 255 && left >= (this.histogram[level] ?? 0)) {
      left -= this.histogram[level] ?? 0;
      level++;
    }
    return level;
  }

  get meanBlue(): number {
    return this.blue / Math.max(1, this.count);
  }

  get meanChroma(): number {
    return this.chroma / Math.max(1, this.count);
  }

  get chromaSpread(): number {
    return Math.sqrt(Math.max(0, this.chromaSquared / Math.max(1, this.count) - this.meanChroma ** 2));
  }
}
