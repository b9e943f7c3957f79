import type { ModelInput } from '@mien/models';
import type { RgbImage } from '../image/rgb-image';
import type { TensorValue } from '../inference/inference-messages';
import type { TensorMemory } from '../inference/tensor-memory';
import type { Tile } from './tiles';

/** A network's input for one tile at a time. */
export class TileTensor {
  private readonly channels: readonly [Channel, Channel, Channel];

  constructor(
    private readonly input: ModelInput,
    private readonly width: number,
    private readonly height: number,
    /** Of the session that is to run the tiles. */
    private readonly memory: TensorMemory,
  ) {
    this.channels = channelsOf(input);
  }

  /** The tile in the input's upper left corner; the rest is zero, the network's own idea of "nothing there". */
  filledWith(picture: RgbImage, tile: Tile): TensorValue {
    const { width, height } = this;
    const data = this.memory.lend(width * height * 3);
    const source = picture.data;
    const planar = this.input.layout === 'NCHW';
    const step = planar ? 1 : 3;
    const nextChannel = planar ? width * height : 1;
    // A view per channel and constants at hand: less to reckon for each of millions of numbers.
    const [first, second, third] = [data, data.subarray(nextChannel), data.subarray(2 * nextChannel)];
    const [{ byte: one, scale: s1, offset: o1 }, { byte: two, scale: s2, offset: o2 }] = this.channels;
    const { byte: three, scale: s3, offset: o3 } = this.channels[2];
    data.fill(0);
    for (let y = 0; y < tile.height; y++) {
      let from = ((tile.y + y) * picture.width + tile.x) * 3;
      const end = from + tile.width * 3;
      for (let to = y * width * step; from < end; from += 3, to += step) {
        // The indexes are inside by construction; the defaults only satisfy the type.
        first[to] = (source[from + one] ?? 0) * s1 + o1;
        second[to] = (source[from + two] ?? 0) * s2 + o2;
        third[to] = (source[from + three] ?? 0) * s3 + o3;
      }
    }
    return { data, dims: planar ? [1, 3, height, width] : [1, height, width, 3] };
  }
}

/** Which byte of a pixel a channel takes, and how it goes in. */
interface Channel {
  readonly byte: number;
  readonly scale: number;
  readonly offset: number;
}

function channelsOf({ colour, mean, std }: ModelInput): readonly [Channel, Channel, Channel] {
  const channel = (index: number): Channel => {
    const scale = 1 / (std[index] ?? 1);
    return { byte: colour === 'RGB' ? index : 2 - index, scale, offset: -(mean[index] ?? 0) * scale };
  };
  return [channel(0), channel(1), channel(2)];
}
