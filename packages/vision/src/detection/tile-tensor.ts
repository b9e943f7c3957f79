import type { ModelInput } from '@mien/models';
import type { RgbImage } from '../image/rgb-image';
import type { TensorValue } from '../inference/inference-messages';
import type { TensorMemory } from '../inference/tensor-memory';
import type { Tile } from './tiles';

/** A network's input for one tile at a time. */
export class TileTensor {
  constructor(
    private readonly input: ModelInput,
    private readonly width: number,
    private readonly height: number,
    /** Of the session that is to run the tiles. */
    private readonly memory: TensorMemory,
  ) {}

  /** The tile in the input's upper left corner; the rest is zero, the network's own idea of "nothing there". */
  filledWith(picture: RgbImage, tile: Tile): TensorValue {
    const { width, height } = this;
    const data = this.memory.lend(width * height * 3);
    const source = picture.data;
    const planar = this.input.layout === 'NCHW';
    const step = planar ? 1 : 3;
    const nextChannel = planar ? width * height : 1;
    const [first, second, third] = this.channels();
    data.fill(0);
    for (let y = 0; y < tile.height; y++) {
      let from = ((tile.y + y) * picture.width + tile.x) * 3;
      let to = y * width * step;
      for (let x = 0; x < tile.width; x++, from += 3, to += step) {
        // The indexes are inside by construction; the defaults only satisfy the type.
        data[to] = (source[from + first.byte] ?? 0) * first.scale + first.offset;
        data[to + nextChannel] = (source[from + second.byte] ?? 0) * second.scale + second.offset;
        data[to + 2 * nextChannel] = (source[from + third.byte] ?? 0) * third.scale + third.offset;
      }
    }
    return { data, dims: planar ? [1, 3, height, width] : [1, height, width, 3] };
  }

  private channels(): [Channel, Channel, Channel] {
    const { colour, mean, std } = this.input;
    const channel = (index: number): Channel => {
      const scale = 1 / (std[index] ?? 1);
      return { byte: colour === 'RGB' ? index : 2 - index, scale, offset: -(mean[index] ?? 0) * scale };
    };
    return [channel(0), channel(1), channel(2)];
  }
}

/** Which byte of a pixel a channel takes, and how it goes in. */
interface Channel {
  readonly byte: number;
  readonly scale: number;
  readonly offset: number;
}
