import { MienError } from '@mien/errors';
import { corrupt } from './probe';
import { type RgbImage, rgbImage } from './rgb-image';

/** Values of the header's compression field. */
const BI_RGB = 0;
const BI_BITFIELDS = 3;
const BI_ALPHABITFIELDS = 6;

interface BmpLayout {
  readonly width: number;
  readonly height: number;
  readonly topDown: boolean;
  readonly bitsPerPixel: number;
  /** Where the pixel rows begin. */
  readonly pixels: number;
  /** Bytes of a row, padded to four. */
  readonly rowBytes: number;
  /** Red, green, blue and alpha bits of a 16 or 32-bit pixel. */
  readonly masks: readonly [number, number, number, number];
  readonly palette: Uint8Array;
}

/**
 * Decodes an uncompressed BMP of 1, 4, 8, 16, 24 or 32 bits a pixel, bottom-up or top-down, flattened on white
 * when it has an alpha channel. Throws IMAGE_FORMAT_UNSUPPORTED for run-length coded files and those with a JPEG
 * or PNG inside, IMAGE_CORRUPT for damaged ones.
 */
export function decodeBmp(bytes: Buffer): RgbImage {
  const layout = readLayout(bytes);
  const { width, height, rowBytes, pixels } = layout;
  if (pixels + rowBytes * height > bytes.length) {
    throw corrupt('bmp');
  }
  const data = new Uint8Array(width * height * 3);
  const writeRow = rowWriter(bytes, layout, data);
  for (let y = 0; y < height; y++) {
    writeRow(pixels + (layout.topDown ? y : height - 1 - y) * rowBytes, y * width * 3);
  }
  return rgbImage(data, width, height);
}

function readLayout(bytes: Buffer): BmpLayout {
  const headerBytes = bytes.readUInt32LE(14);
  const old = headerBytes === 12;
  if (bytes.length < 14 + Math.max(headerBytes, 12) || (!old && headerBytes < 40)) {
    throw corrupt('bmp');
  }
  const width = old ? bytes.readUInt16LE(18) : bytes.readInt32LE(18);
  const signedHeight = old ? bytes.readUInt16LE(20) : bytes.readInt32LE(22);
  const bitsPerPixel = bytes.readUInt16LE(old ? 24 : 28);
  const compression = old ? BI_RGB : bytes.readUInt32LE(30);
  const bitfields = compression === BI_BITFIELDS || compression === BI_ALPHABITFIELDS;
  if (![1, 4, 8, 16, 24, 32].includes(bitsPerPixel) || !(compression === BI_RGB || bitfields)) {
    throw new MienError('IMAGE_FORMAT_UNSUPPORTED', 'this kind of compressed BMP is not read', {
      metadata: { format: 'bmp', compression: String(compression), bitsPerPixel: String(bitsPerPixel) },
    });
  }
  return {
    width,
    height: Math.abs(signedHeight),
    topDown: signedHeight < 0,
    bitsPerPixel,
    pixels: bytes.readUInt32LE(10),
    rowBytes: Math.ceil((width * bitsPerPixel) / 32) * 4,
    masks: readMasks(bytes, headerBytes, bitsPerPixel, bitfields),
    palette:
      bitsPerPixel <= 8
        ? readPalette(bytes, 14 + headerBytes, old ? 3 : 4, 2 ** bitsPerPixel)
        : new Uint8Array(),
  };
}

function readMasks(
  bytes: Buffer,
  headerBytes: number,
  bitsPerPixel: number,
  bitfields: boolean,
): [number, number, number, number] {
  if (!bitfields) {
    return bitsPerPixel === 16 ? [0x7c00, 0x3e0, 0x1f, 0] : [0xff0000, 0xff00, 0xff, 0];
  }
  // The masks follow the 40-byte header, where longer headers have them as fields.
  if (bytes.length < 70) {
    throw corrupt('bmp');
  }
  const alpha =
    headerBytes >= 56 || bytes.readUInt32LE(30) === BI_ALPHABITFIELDS ? bytes.readUInt32LE(66) : 0;
  return [bytes.readUInt32LE(54), bytes.readUInt32LE(58), bytes.readUInt32LE(62), alpha];
}

/** Colours as R, G, B; entries past the end of the file stay black. */
function readPalette(bytes: Buffer, start: number, entryBytes: number, entries: number): Uint8Array {
  const palette = new Uint8Array(entries * 3);
  for (let index = 0; index < entries; index++) {
    const at = start + index * entryBytes;
    palette.set([bytes[at + 2] ?? 0, bytes[at + 1] ?? 0, bytes[at] ?? 0], index * 3);
  }
  return palette;
}

type RowWriter = (from: number, to: number) => void;

function rowWriter(bytes: Buffer, layout: BmpLayout, data: Uint8Array): RowWriter {
  if (layout.bitsPerPixel <= 8) {
    return paletteRow(bytes, layout, data);
  }
  return layout.bitsPerPixel === 24 ? trueColourRow(bytes, layout, data) : maskedRow(bytes, layout, data);
}

function paletteRow(bytes: Buffer, layout: BmpLayout, data: Uint8Array): RowWriter {
  const { width, bitsPerPixel, palette } = layout;
  const mask = 2 ** bitsPerPixel - 1;
  return (from, to) => {
    for (let x = 0; x < width; x++) {
      const bit = x * bitsPerPixel;
      const byte = bytes[from + (bit >> 3)] ?? 0;
      const entry = ((byte >> (8 - bitsPerPixel - (bit & 7))) & mask) * 3;
      data.set(palette.subarray(entry, entry + 3), to + x * 3);
    }
  };
}

function trueColourRow(bytes: Buffer, layout: BmpLayout, data: Uint8Array): RowWriter {
  return (from, to) => {
    for (let i = 0; i < layout.width * 3; i += 3) {
      data[to + i] = bytes[from + i + 2] ?? 0;
      data[to + i + 1] = bytes[from + i + 1] ?? 0;
      data[to + i + 2] = bytes[from + i] ?? 0;
    }
  };
}

function maskedRow(bytes: Buffer, layout: BmpLayout, data: Uint8Array): RowWriter {
  const pixelBytes = layout.bitsPerPixel / 8;
  const [red, green, blue] = layout.masks.map(channelReader);
  const alpha = usesAlpha(bytes, layout) ? channelReader(layout.masks[3]) : () => 255;
  const colours = [red, green, blue];
  return (from, to) => {
    for (let x = 0; x < layout.width; x++) {
      const value = bytes.readUIntLE(from + x * pixelBytes, pixelBytes);
      const opaque = alpha(value) / 255;
      colours.forEach((read, channel) => {
        data[to + x * 3 + channel] = Math.round((read?.(value) ?? 0) * opaque + 255 * (1 - opaque));
      });
    }
  };
}

/** Many writers declare an alpha channel and leave it at zero; such a picture is meant to be opaque. */
function usesAlpha(bytes: Buffer, layout: BmpLayout): boolean {
  const alpha = layout.masks[3];
  if (alpha === 0) {
    return false;
  }
  const pixelBytes = layout.bitsPerPixel / 8;
  for (let y = 0; y < layout.height; y++) {
    for (let x = 0; x < layout.width; x++) {
      const value = bytes.readUIntLE(layout.pixels + y * layout.rowBytes + x * pixelBytes, pixelBytes);
      if ((value & alpha) !== 0) {
        return true;
      }
    }
  }
  return false;
}

/** Reads the bits of one channel, stretched to 0..255. */
function channelReader(mask: number): (pixel: number) => number {
  if (mask === 0) {
    return () => 0;
  }
  const shift = 31 - Math.clz32(mask & -mask);
  const highest = mask >>> shift;
  return (pixel) => (((pixel & mask) >>> shift) / highest) * 255;
}
