import { MienError } from '@mien/errors';
import type { PackedModel } from '@mien/models';
import type { RgbImage } from '../image/rgb-image';
import { type InferenceOptions, ModelSession } from '../inference/model-session';
import type { Candidate } from './box';
import { decodeDetections } from './decoders/decoder';
import { TileTensor } from './tile-tensor';
import { planTiles, type Tile } from './tiles';

/** Longer side of a tile in pixels: larger ones are no faster and take more memory. */
const TILE_SIDE = 960;

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
    const tiles = planTiles(picture.width, picture.height, side, overlap);
    const { width, height } = this.inputSize(tiles);
    const tensor = new TileTensor(this.model.input, width, height, this.session.memory);
    const found: Candidate[] = [];
    const run = (tile: Tile) =>
      this.session.run({ [this.model.input.name]: tensor.filledWith(picture, tile) });
    for await (const [tile, outputs] of oneAhead(tiles, run)) {
      for (const box of decodeDetections(this.model.decoder, { outputs, width, height }, 0, threshold)) {
        const placed = { ...box, x: box.x + tile.x, y: box.y + tile.y };
        if (owns(tile, placed, overlap / 8)) {
          found.push(placed);
        }
      }
    }
    return found;
  }

  async close(): Promise<void> {
    await this.session.close();
  }

  /** One size for all tiles of a picture. */
  private inputSize(tiles: readonly Tile[]): { width: number; height: number } {
    const { size } = this.model.input;
    if (size.kind === 'fixed') {
      return size;
    }
    const step = size.multipleOf % SIDE_STEP === 0 ? size.multipleOf : size.multipleOf * SIDE_STEP;
    const roundedUp = (length: number): number => Math.ceil(length / step) * step;
    return {
      width: roundedUp(Math.max(...tiles.map(({ width }) => width))),
      height: roundedUp(Math.max(...tiles.map(({ height }) => height))),
    };
  }
}

/**
 * Each item with what comes of it, the next one begun before: a tile is made ready while the network looks at the one
 * before. No more at once: a batch of large tiles would be no faster and take several times the memory.
 */
async function* oneAhead<Item, Result>(
  items: readonly Item[],
  run: (item: Item) => Promise<Result>,
): AsyncGenerator<[Item, Result], void, void> {
  let before: { readonly item: Item; readonly result: Promise<Result> } | undefined;
  for (const item of items) {
    const result = run(item);
    result.catch(() => undefined); // awaited below, unless the one before it fails
    if (before !== undefined) {
      yield [before.item, await before.result];
    }
    before = { item, result };
  }
  if (before !== undefined) {
    yield [before.item, await before.result];
  }
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
