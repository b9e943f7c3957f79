import type { Colour } from './canvas';

type Range = readonly [low: number, high: number];

/** What the generator may choose from. Training and test draw from sets that do not touch. */
export interface GeneratorParameters {
  /** Longer side of the face box on the drawn photo, pixels. */
  readonly facePixels: Range;
  /** Photo width in face sizes. */
  readonly photoWidths: Range;
  readonly bezels: readonly Colour[];
  readonly papers: readonly Colour[];
  /** A screen's raster in cycles per pixel of the photo: above 0.5 it folds back as moire. */
  readonly rasterFrequencies: Range;
  /** Depth of the raster, relative. */
  readonly rasterDepths: Range;
  /** A print's raster, cycles per pixel of the photo. */
  readonly halftoneFrequencies: Range;
  readonly halftoneDepths: Range;
  /** Gain of blue against red on a screen. */
  readonly coolness: Range;
  /** How far black is lifted, 0..255. */
  readonly blackLift: Range;
  /** Saturation that print leaves. */
  readonly inkSaturation: Range;
  /** Radians. */
  readonly turns: Range;
  readonly jpegQualities: readonly number[];
  /** Standard deviations, pixels and 0..255. */
  readonly blurs: Range;
  readonly noises: Range;
  readonly gammas: readonly Range[];
  /** Saturation of live photos, for cameras and processing differ. */
  readonly saturations: Range;
}

export const TRAINING: GeneratorParameters = {
  facePixels: [80, 150],
  photoWidths: [2.2, 3.4],
  bezels: [
    [12, 12, 14],
    [30, 30, 34],
    [225, 225, 228],
  ],
  papers: [
    [242, 240, 236],
    [228, 226, 220],
  ],
  rasterFrequencies: [0.62, 0.85],
  rasterDepths: [0.02, 0.12],
  halftoneFrequencies: [0.25, 0.38],
  halftoneDepths: [0.03, 0.16],
  coolness: [1.04, 1.22],
  blackLift: [4, 34],
  inkSaturation: [0.55, 0.85],
  turns: [-0.12, 0.12],
  jpegQualities: [95, 85, 72, 55],
  blurs: [0, 1],
  noises: [0, 4],
  gammas: [
    [0.6, 0.85],
    [1.2, 1.7],
  ],
  saturations: [0.3, 1.2],
};

export const TEST: GeneratorParameters = {
  facePixels: [76, 170],
  photoWidths: [2.1, 3.6],
  bezels: [
    [60, 58, 56],
    [190, 175, 150],
    [24, 30, 52],
  ],
  papers: [
    [250, 250, 252],
    [236, 228, 208],
  ],
  rasterFrequencies: [0.85, 1.25],
  rasterDepths: [0.03, 0.1],
  halftoneFrequencies: [0.38, 0.46],
  halftoneDepths: [0.04, 0.14],
  coolness: [0.96, 1.15],
  blackLift: [8, 40],
  inkSaturation: [0.6, 0.9],
  turns: [-0.18, 0.18],
  jpegQualities: [90, 80, 65, 50],
  blurs: [0.2, 1.2],
  noises: [0, 5],
  gammas: [
    [0.65, 0.9],
    [1.1, 1.6],
  ],
  saturations: [0.4, 1.3],
};
