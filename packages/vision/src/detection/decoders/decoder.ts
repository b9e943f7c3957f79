import type { ModelOf } from '@mien/models';
import type { TensorValue } from '../../inference/inference-messages';
import type { Candidate } from '../box';
import { decodeScrfd } from './scrfd';
import { decodeUltraFace } from './ultraface';
import { decodeYunet } from './yunet';

export type DetectionModel = ModelOf<'detection'>;
export type DecoderOf<K extends DetectionModel['decoder']['kind']> = Extract<
  DetectionModel['decoder'],
  { kind: K }
>;

/** What a detection network gave for a batch of pictures of one size. */
export interface RawDetections {
  readonly outputs: Readonly<Record<string, TensorValue>>;
  /** Size of the network's input, in pixels. */
  readonly width: number;
  readonly height: number;
}

/**
 * The boxes of one picture of a batch whose score reaches `threshold`, in pixels of the network's input, not yet
 * freed of overlaps. Throws MODEL_PACK_INVALID when the outputs are not those of the manifest's decoder.
 */
export function decodeDetections(
  decoder: DetectionModel['decoder'],
  raw: RawDetections,
  index: number,
  threshold: number,
): Candidate[] {
  switch (decoder.kind) {
    case 'ultraface-anchors':
      return decodeUltraFace(decoder, raw, index, threshold);
    case 'yunet':
      return decodeYunet(decoder, raw, index, threshold);
    case 'scrfd':
      return decodeScrfd(decoder, raw, index, threshold);
  }
}
