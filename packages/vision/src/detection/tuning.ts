import type { DetectionModel } from './decoders/decoder';

/** How one kind of detection network is used well. Sizes are a face's longer side in pixels of the network's input. */
export interface DetectorTuning {
  /** From here on the network finds practically every face: the finest level brings the smallest face up to it. */
  readonly sureFrom: number;
  /** The sizes that a level answers for when there are finer and coarser ones. `to` is over twice `from`. */
  readonly from: number;
  readonly to: number;
  /** Scores from which a box is a face without further question. */
  readonly sure: number;
  /** What boxes under that need to count as faces: those of `from` pixels and more... */
  readonly weak: Doubt;
  /** ...and smaller ones, which only the finest level sees. */
  readonly small: Doubt;
  /** What a box needs when the pack has no model to give a second opinion. */
  readonly alone: number;
}

/** When a box that the network is not sure of is taken for a face. */
export interface Doubt {
  /** Scores from which a box is worth a second opinion. */
  readonly score: number;
  /** What score and the mesh model's presence must make together, as their product. */
  readonly joint: number;
}

/**
 * Chosen on the LFW development people, on pictures without any and on the surroundings of faces. False boxes reach
 * a score of 0.99 on coins and lettering, and the mesh model believes in a large one now and then (a cat, the top of
 * a head); of 37 small false ones it believed in none by more than 0.13, while true faces of 20 pixels fall to 0.4.
 * `npm run bench -- detection` measures it on other people.
 */
const ULTRAFACE: DetectorTuning = {
  sureFrom: 28,
  from: 36,
  to: 110,
  sure: 0.995,
  weak: { score: 0.7, joint: 0.5 },
  small: { score: 0.4, joint: 0.25 },
  alone: 0.85,
};

/**
 * YuNet and SCRFD: ranges from their anchors and strides (8 to 32 pixels) and the thresholds that their authors'
 * own demonstrations use; no weights were at hand to measure them.
 */
const YUNET: DetectorTuning = {
  sureFrom: 24,
  from: 32,
  to: 240,
  sure: 0.9,
  weak: { score: 0.6, joint: 0.4 },
  small: { score: 0.6, joint: 0.4 },
  alone: 0.8,
};
const SCRFD: DetectorTuning = {
  sureFrom: 20,
  from: 24,
  to: 320,
  sure: 0.7,
  weak: { score: 0.4, joint: 0.25 },
  small: { score: 0.4, joint: 0.25 },
  alone: 0.5,
};

export function tuningOf(decoder: DetectionModel['decoder']): DetectorTuning {
  switch (decoder.kind) {
    case 'ultraface-anchors':
      return ULTRAFACE;
    case 'yunet':
      return YUNET;
    case 'scrfd':
      return SCRFD;
  }
}
