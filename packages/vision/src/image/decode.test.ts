import { crc32, deflateSync } from 'node:zlib';
import { MienError } from '@mien/errors';
import sharp from 'sharp';
import { decodePhoto, type PhotoLimits } from './decode';
import type { RgbImage } from './rgb-image';

const LIMITS: PhotoLimits = { maxBytes: 1_000_000, maxSide: 1000, minSide: 20, maxPixels: 500_000 };

/** A picture whose colour says where it is: red grows to the right, green downwards. */
function gradient(width: number, height: number): { data: Buffer; width: number; height: number } {
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      data.set(
        [Math.round((x / (width - 1)) * 255), Math.round((y / (height - 1)) * 255), 40],
        (y * width + x) * 3,
      );
    }
  }
  return { data, width, height };
}

function sharpOf({ data, width, height }: { data: Buffer; width: number; height: number }): sharp.Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

function pixel(image: RgbImage, x: number, y: number): number[] {
  const at = (y * image.width + x) * 3;
  return [...image.data.subarray(at, at + 3)];
}

function expectNear(actual: number[], wanted: number[], tolerance: number): void {
  expect(Math.max(...actual.map((value, i) => Math.abs(value - (wanted[i] ?? 0))))).toBeLessThanOrEqual(
    tolerance,
  );
}

async function reasonFor(bytes: Buffer, limits = LIMITS): Promise<string> {
  const thrown: unknown = await decodePhoto(bytes, limits).then(
    () => undefined,
    (error: unknown) => error,
  );
  return thrown instanceof MienError ? thrown.reason : `no MienError: ${String(thrown)}`;
}

describe('decodePhoto', () => {
  const source = gradient(120, 80);

  it.each([
    ['baseline JPEG', () => sharpOf(source).jpeg({ quality: 95 }).toBuffer(), 6],
    ['progressive JPEG', () => sharpOf(source).jpeg({ quality: 95, progressive: true }).toBuffer(), 6],
    ['PNG', () => sharpOf(source).png().toBuffer(), 0],
    ['interlaced PNG', () => sharpOf(source).png({ progressive: true }).toBuffer(), 0],
    ['16-bit PNG', () => sharpOf(source).toColourspace('rgb16').png().toBuffer(), 1],
    ['lossy WebP', () => sharpOf(source).webp({ quality: 95 }).toBuffer(), 10],
    ['lossless WebP', () => sharpOf(source).webp({ lossless: true }).toBuffer(), 0],
  ])('reads a %s', async (_, make, tolerance) => {
    const image = await decodePhoto(await make(), LIMITS);
    expect([image.width, image.height]).toEqual([120, 80]);
    for (const [x, y] of [
      [0, 0],
      [119, 0],
      [0, 79],
      [60, 40],
    ] as const) {
      const at = (y * 120 + x) * 3;
      expectNear(pixel(image, x, y), [...source.data.subarray(at, at + 3)], tolerance);
    }
  });

  it.each(['jpeg', 'png', 'webp'] as const)('gives three channels for a greyscale %s', async (format) => {
    const bytes = await sharpOf(source).greyscale().toFormat(format, { quality: 100 }).toBuffer();
    const image = await decodePhoto(bytes, LIMITS);
    const [red = 0, green = 0, blue = 0] = pixel(image, 100, 40);
    expect(image.data).toHaveLength(120 * 80 * 3);
    expect(Math.max(Math.abs(red - green), Math.abs(green - blue))).toBeLessThanOrEqual(2);
  });

  it('turns CMYK into the colours that were meant', async () => {
    const red = sharp({ create: { width: 40, height: 40, channels: 3, background: '#d02020' } });
    const image = await decodePhoto(await red.toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer(), LIMITS);
    expect(image.data).toHaveLength(40 * 40 * 3);
    expectNear(pixel(image, 20, 20), [0xd0, 0x20, 0x20], 40);
  });

  it('shows white where a picture is transparent', async () => {
    const clear = sharp({
      create: { width: 40, height: 40, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
    });
    expect(pixel(await decodePhoto(await clear.png().toBuffer(), LIMITS), 20, 20)).toEqual([255, 255, 255]);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('undoes EXIF orientation %i', async (orientation) => {
    const upright = await decodePhoto(await sharpOf(source).png().toBuffer(), LIMITS);
    const stored = await sharpOf(source).png().toBuffer().then(inverseOf(orientation));
    const bytes = await sharp(stored).withMetadata({ orientation }).png().toBuffer();
    const image = await decodePhoto(bytes, LIMITS);
    expect([image.width, image.height]).toEqual([120, 80]);
    expect(Buffer.from(image.data).equals(Buffer.from(upright.data))).toBe(true);
  });

  it('takes the first frame of an animated WebP', async () => {
    const frames = await Promise.all(
      ['#ff0000', '#0000ff'].map((background) =>
        sharp({ create: { width: 40, height: 40, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    const bytes = await sharp(frames, { join: { animated: true } })
      .webp({ lossless: true })
      .toBuffer();
    const image = await decodePhoto(bytes, LIMITS);
    expect([image.width, image.height, ...pixel(image, 20, 20)]).toEqual([40, 40, 255, 0, 0]);
  });

  it.each(['jpeg', 'png', 'webp'] as const)(
    'calls a %s that was cut short corrupt, wherever it was cut',
    async (format) => {
      const bytes = await sharpOf(gradient(400, 300)).toFormat(format).toBuffer();
      for (const share of [0.01, 0.1, 0.5, 0.9, 0.98]) {
        expect([share, await reasonFor(bytes.subarray(0, Math.floor(bytes.length * share)))]).toEqual([
          share,
          'IMAGE_CORRUPT',
        ]);
      }
    },
  );

  it('calls scrambled pixels corrupt', async () => {
    const bytes = await sharpOf(gradient(400, 300)).png().toBuffer();
    const middle = bytes.length >> 1;
    bytes.fill(0x5a, middle, middle + 200);
    expect(await reasonFor(bytes)).toBe('IMAGE_CORRUPT');
  });

  it('refuses what is no photo, or of another kind', async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"><rect width="9" height="9"/></svg>';
    const small = sharpOf(source);
    expect(await reasonFor(Buffer.alloc(0))).toBe('IMAGE_MISSING');
    expect(await reasonFor(Buffer.from('not a photo at all'))).toBe('IMAGE_FORMAT_UNSUPPORTED');
    expect(await reasonFor(Buffer.from(svg))).toBe('IMAGE_FORMAT_UNSUPPORTED');
    expect(await reasonFor(await small.clone().gif().toBuffer())).toBe('IMAGE_FORMAT_UNSUPPORTED');
    expect(await reasonFor(await small.clone().tiff().toBuffer())).toBe('IMAGE_FORMAT_UNSUPPORTED');
    expect(await reasonFor(await small.clone().avif().toBuffer())).toBe('IMAGE_FORMAT_UNSUPPORTED');
  });

  it('checks size before it decodes', async () => {
    const wide = await sharpOf(gradient(1001, 40)).png().toBuffer();
    const many = await sharpOf(gradient(900, 600)).png().toBuffer();
    const thin = await sharpOf(gradient(400, 19)).png().toBuffer();
    expect(await reasonFor(wide)).toBe('IMAGE_DIMENSIONS_TOO_LARGE');
    expect(await reasonFor(many)).toBe('IMAGE_DIMENSIONS_TOO_LARGE');
    expect(await reasonFor(thin)).toBe('IMAGE_DIMENSIONS_TOO_SMALL');
    expect(await reasonFor(wide, { ...LIMITS, maxBytes: 100 })).toBe('IMAGE_TOO_LARGE');
  });

  it('refuses a decompression bomb by its header, whatever lies behind it', async () => {
    const bomb = blackPng(16_000, 16_000);
    expect(bomb.length).toBeLessThan(LIMITS.maxBytes);
    const before = process.memoryUsage().rss;
    expect(await reasonFor(bomb)).toBe('IMAGE_DIMENSIONS_TOO_LARGE');
    expect(process.memoryUsage().rss - before).toBeLessThan(50e6);
  });

  it('does not follow a file whose pixels are more than its header said', async () => {
    const bytes = await sharpOf(gradient(400, 300)).webp({ lossless: true }).toBuffer();
    const patched = Buffer.from(bytes);
    patched.writeUInt32LE(((30 - 1) | ((30 - 1) << 14)) >>> 0, 21);
    expect(await reasonFor(patched)).toBe('IMAGE_CORRUPT');
  });
});

/** Stores a picture so that the given EXIF orientation shows it upright (TIFF 6.0, tag 274). */
function inverseOf(orientation: number): (png: Buffer) => Promise<Buffer> {
  return (png) => {
    const upright = sharp(png);
    switch (orientation) {
      case 2:
        return upright.flop().png().toBuffer();
      case 3:
        return upright.rotate(180).png().toBuffer();
      case 4:
        return upright.flip().png().toBuffer();
      case 5:
        return upright
          .flop()
          .png()
          .toBuffer()
          .then((flopped) => sharp(flopped).rotate(270).png().toBuffer());
      case 6:
        return upright.rotate(270).png().toBuffer();
      case 7:
        return upright
          .flop()
          .png()
          .toBuffer()
          .then((flopped) => sharp(flopped).rotate(90).png().toBuffer());
      case 8:
        return upright.rotate(90).png().toBuffer();
      default:
        return Promise.resolve(png);
    }
  };
}

/** A black 1-bit PNG, made by hand because an encoder would take seconds over so many pixels. */
function blackPng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1;
  const rows = deflateSync(Buffer.alloc((1 + width / 8) * height), { level: 9 });
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    pngChunk('IHDR', header),
    pngChunk('IDAT', rows),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
