import { MienError } from '@mien/errors';
import { decodePhoto } from './decode';

const LIMITS = { maxBytes: 1e6, maxSide: 1000, minSide: 1, maxPixels: 1e6 };

interface BmpParts {
  readonly bitsPerPixel: number;
  /** Rows as stored, unpadded. */
  readonly rows: readonly Buffer[];
  readonly width: number;
  /** Negative for top-down. */
  readonly height: number;
  readonly compression?: number;
  /** What follows the 40-byte header: masks or a palette. */
  readonly extra?: Buffer;
}

/** Writes a BMP with the 40-byte header. */
function bmp({
  bitsPerPixel,
  rows,
  width,
  height,
  compression = 0,
  extra = Buffer.alloc(0),
}: BmpParts): Buffer {
  const header = Buffer.alloc(54);
  header.write('BM', 'latin1');
  header.writeUInt32LE(54 + extra.length, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(width, 18);
  header.writeInt32LE(height, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(bitsPerPixel, 28);
  header.writeUInt32LE(compression, 30);
  const padded = rows.map((row) => Buffer.concat([row, Buffer.alloc((4 - (row.length % 4)) % 4)]));
  return Buffer.concat([header, extra, ...padded]);
}

function words(...values: number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => {
    buffer.writeUInt32LE(value >>> 0, i * 4);
  });
  return buffer;
}

/** Red, green; blue, white: what every file below shows. */
const WANTED = [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255];
const PALETTE = words(0x0000ff00, 0x00ff0000, 0x000000ff, 0x00ffffff);
const TRUE_COLOUR = {
  top: Buffer.from([0, 0, 255, 0, 255, 0]),
  bottom: Buffer.from([255, 0, 0, 255, 255, 255]),
};

async function pixels(bytes: Buffer): Promise<number[]> {
  const image = await decodePhoto(bytes, LIMITS);
  expect([image.width, image.height]).toEqual([2, 2]);
  return [...image.data];
}

async function reasonFor(bytes: Buffer): Promise<string> {
  const thrown: unknown = await decodePhoto(bytes, LIMITS).catch((error: unknown) => error);
  return thrown instanceof MienError ? thrown.reason : `no MienError: ${String(thrown)}`;
}

describe('BMP', () => {
  it('reads 24 bits, bottom-up and top-down', async () => {
    const { top, bottom } = TRUE_COLOUR;
    expect(await pixels(bmp({ bitsPerPixel: 24, rows: [bottom, top], width: 2, height: 2 }))).toEqual(WANTED);
    expect(await pixels(bmp({ bitsPerPixel: 24, rows: [top, bottom], width: 2, height: -2 }))).toEqual(
      WANTED,
    );
  });

  it('reads palettes of 1, 4 and 8 bits', async () => {
    const palette = words(0xff0000, 0x00ff00, 0x0000ff, 0xffffff);
    const eight = [Buffer.from([2, 3]), Buffer.from([0, 1])];
    const four = [Buffer.from([0x23]), Buffer.from([0x01])];
    expect(
      await pixels(bmp({ bitsPerPixel: 8, rows: eight, width: 2, height: 2, extra: palette256(palette) })),
    ).toEqual(WANTED);
    expect(
      await pixels(bmp({ bitsPerPixel: 4, rows: four, width: 2, height: 2, extra: palette16(palette) })),
    ).toEqual(WANTED);
    const one = bmp({
      bitsPerPixel: 1,
      rows: [Buffer.from([0x40]), Buffer.from([0x80])],
      width: 2,
      height: 2,
      extra: words(0xff0000, 0xffffff),
    });
    expect(await pixels(one)).toEqual([255, 255, 255, 255, 0, 0, 255, 0, 0, 255, 255, 255]);
  });

  it('reads 16 bits in both usual layouts', async () => {
    const five = [shorts(0x001f, 0x7fff), shorts(0x7c00, 0x03e0)];
    expect(await pixels(bmp({ bitsPerPixel: 16, rows: five, width: 2, height: 2 }))).toEqual(WANTED);
    const six = [shorts(0x001f, 0xffff), shorts(0xf800, 0x07e0)];
    const masks = words(0xf800, 0x07e0, 0x001f, 0);
    expect(
      await pixels(bmp({ bitsPerPixel: 16, rows: six, width: 2, height: 2, compression: 3, extra: masks })),
    ).toEqual(WANTED);
  });

  it('reads 32 bits, shows white through a used alpha channel and ignores an unused one', async () => {
    const rows = [words(0xff0000ff, 0x00123456), words(0xffff0000, 0xff00ff00)];
    const masks = words(0xff0000, 0xff00, 0xff, 0xff000000);
    expect(
      await pixels(bmp({ bitsPerPixel: 32, rows, width: 2, height: 2, compression: 6, extra: masks })),
    ).toEqual(WANTED);
    const unused = [words(0x0000ff, 0xffffff), words(0xff0000, 0x00ff00)];
    const file = bmp({ bitsPerPixel: 32, rows: unused, width: 2, height: 2, compression: 6, extra: masks });
    expect(await pixels(file)).toEqual(WANTED);
    expect(await pixels(bmp({ bitsPerPixel: 32, rows: unused, width: 2, height: 2 }))).toEqual(WANTED);
  });

  it('reads the old 12-byte header', async () => {
    const header = Buffer.alloc(26);
    header.write('BM', 'latin1');
    header.writeUInt32LE(26, 10);
    header.writeUInt32LE(12, 14);
    [2, 2, 1, 24].forEach((value, i) => {
      header.writeUInt16LE(value, 18 + i * 2);
    });
    const { top, bottom } = TRUE_COLOUR;
    const pad = Buffer.alloc(2);
    expect(await pixels(Buffer.concat([header, bottom, pad, top, pad]))).toEqual(WANTED);
  });

  it('says what it does not read and what is broken', async () => {
    const { top, bottom } = TRUE_COLOUR;
    const rows = [bottom, top];
    const rle = bmp({
      bitsPerPixel: 8,
      rows,
      width: 2,
      height: 2,
      compression: 1,
      extra: palette256(PALETTE),
    });
    expect(await reasonFor(rle)).toBe('IMAGE_FORMAT_UNSUPPORTED');
    const whole = bmp({ bitsPerPixel: 24, rows, width: 2, height: 2 });
    expect(await reasonFor(whole.subarray(0, whole.length - 3))).toBe('IMAGE_CORRUPT');
    expect(await reasonFor(whole.subarray(0, 40))).toBe('IMAGE_CORRUPT');
    expect(await reasonFor(bmp({ bitsPerPixel: 24, rows, width: -2, height: 2 }))).toBe('IMAGE_CORRUPT');
  });
});

function palette256(start: Buffer): Buffer {
  return Buffer.concat([start, Buffer.alloc(1024 - start.length)]);
}

function palette16(start: Buffer): Buffer {
  return Buffer.concat([start, Buffer.alloc(64 - start.length)]);
}

function shorts(...values: number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 2);
  values.forEach((value, i) => {
    buffer.writeUInt16LE(value, i * 2);
  });
  return buffer;
}
