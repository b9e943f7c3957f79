import { MienError } from '@mien/errors';
import type { PackedModel } from '@mien/models';
import type { RgbImage } from '../image/rgb-image';
import { type InferenceOptions, ModelSession, type TensorValue } from '../inference/model-session';
import type { Candidate } from './box';
import { decodeDetections } from './decoders/decoder';
import { planTiles, type Tile } from './tiles';

/** Longer side of a tile in pixels: some 200 MB of activations for UltraFace. */
const TILE_SIDE = 1280;

/** A face and what the network wants to see around it, in sides of the face. */
const SURROUNDINGS = 1.25;

/** Sides are rounded up to this: few shapes, so the runtime's memory plans stay few. */
const SIDE_STEP = 32;

/** The detection network of a pack, run over pictures of any size. */
export class DetectionNetwork {
  private constructor(
    private readonly session: ModelSession,
    readonly model: PackedModel<'detection'>,
  ) {}

  static async open(model: PackedModel<'detection'>, options: InferenceOptions): Promise<DetectionNetwork> {
    if (model.input.colour === 'GRAY') {
      throw new MienError('MODEL_PACK_INVALID', 'a detection model takes colour pictures');
    }
    return new DetectionNetwork(await ModelSession.open(model.path, options), model);
  }

  /**
   * Boxes whose score reaches `threshold`, in pixels of the picture, not yet freed of overlaps. Larger pictures are
   * looked at tile by tile, so that faces up to `largest` pixels lie whole in one of them.
   */
  async scan(picture: RgbImage, threshold: number, largest: number): Promise<Candidate[]> {
    const { size } = this.model.input;
    const side = size.kind === 'fixed' ? Math.min(size.width, size.height) : TILE_SIDE;
    const overlap = Math.min(largest * SURROUNDINGS, side / 2);
    const found: Candidate[] = [];
    // One tile at a time: a batch of large tiles would be no faster and take several times the memory.
    for (const tile of planTiles(picture.width, picture.height, side, overlap)) {
      found.push(...(await this.scanTile(picture, tile, threshold, overlap)));
    }
    return found;
  }

  async close(): Promise<void> {
    await this.session.close();
  }

  private async scanTile(
    picture: RgbImage,
    tile: Tile,
    threshold: number,
    overlap: number,
  ): Promise<Candidate[]> {
    const { width, height } = this.inputSize(tile);
    const outputs = await this.session.run({
      [this.model.input.name]: this.tensor(picture, tile, width, height),
    });
    return decodeDetections(this.model.decoder, { outputs, width, height }, 0, threshold)
      .map((box) => ({ ...box, x: box.x + tile.x, y: box.y + tile.y }))
      .filter((box) => owns(tile, box, overlap / 8));
  }

  private inputSize(tile: Tile): { width: number; height: number } {
    const { size } = this.model.input;
    if (size.kind === 'fixed') {
      return size;
    }
    const step = size.multipleOf % SIDE_STEP === 0 ? size.multipleOf : size.multipleOf * SIDE_STEP;
    return { width: Math.ceil(tile.width / step) * step, height: Math.ceil(tile.height / step) * step };
  }

  /** The tile in the input's upper left corner; the rest is zero, the network's own idea of "nothing there". */
  private tensor(picture: RgbImage, tile: Tile, width: number, height: number): TensorValue {
    const { layout, colour, mean, std } = this.model.input;
    const data = new Float32Array(width * height * 3);
    const planar = layout === 'NCHW';
    const step = planar ? 1 : 3;
    for (let channel = 0; channel < 3; channel++) {
      const values = byteValues(mean[channel] ?? 0, std[channel] ?? 1);
      const sourceChannel = colour === 'RGB' ? channel : 2 - channel;
      for (let y = 0; y < tile.height; y++) {
        let from = ((tile.y + y) * picture.width + tile.x) * 3 + sourceChannel;
        let to = planar ? (channel * height + y) * width : y * width * 3 + channel;
        for (let x = 0; x < tile.width; x++, from += 3, to += step) {
          data[to] = values[picture.data[from] ?? 0] ?? 0;
        }
      }
    }
    return { data, dims: planar ? [1, 3, height, width] : [1, height, width, 3] };
  }
}

/** What each of the 256 byte values goes in as. */
function byteValues(mean: number, std: number): Float32Array {
  return Float32Array.from({ length: 256 }, (_, value) => (value - mean) / std);
}

/** With a margin, since two tiles may disagree by a little on where a box lies; overlaps are sorted out later. */
function owns(tile: Tile, box: Candidate, margin: number): boolean {
  const x = box.x + box.width / 2;
  const y = box.y + box.height / 2;
  return (
    x >= tile.ownLeft - margin &&
    x < tile.ownRight + margin &&
    y >= tile.ownTop - margin &&
    y < tile.ownBottom + margin
  );
}
