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
  /** Scores from which a box is worth a second opinion. */
  readonly weak: number;
  /** What a box needs when the pack has no model to give a second opinion. */
  readonly alone: number;
}

/**
 * Chosen on the LFW development people, on pictures without any and on the surroundings of faces: false boxes reach
 * 0.99 on coins and lettering, one true face of 20 pixels in a hundred falls under 0.7. `npm run bench -- detection`
 * measures it on other people.
 */
const ULTRAFACE: DetectorTuning = { sureFrom: 28, from: 36, to: 110, sure: 0.995, weak: 0.7, alone: 0.85 };

/**
 * YuNet and SCRFD: ranges from their anchors and strides (8 to 32 pixels) and the thresholds that their authors'
 * own demonstrations use; no weights were at hand to measure them.
 */
const YUNET: DetectorTuning = { sureFrom: 24, from: 32, to: 240, sure: 0.9, weak: 0.6, alone: 0.8 };
const SCRFD: DetectorTuning = { sureFrom: 20, from: 24, to: 320, sure: 0.7, weak: 0.4, alone: 0.5 };

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
