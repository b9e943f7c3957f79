import sharp from 'sharp';

export interface Sample {
  readonly format: 'jpeg' | 'png' | 'webp' | 'bmp';
  readonly bytes: Buffer;
}

const [WIDTH, HEIGHT] = [56, 40];
/** A description of a colour space that begins well; what else is in it is up to the mutations. */
const NOTE = { IFD0: { ImageDescription: 'x'.repeat(300), Orientation: '6' } };

/** A picture with edges and colours, so that each byte of the coded file matters. */
function picture(): sharp.Sharp {
  const data = Buffer.alloc(WIDTH * HEIGHT * 3);
  for (let index = 0; index < data.length; index += 1) {
    data[index] = (index * 37 + ((index >> 5) & 1) * 90) & 0xff;
  }
  return sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });
}

/** Small files of all formats that are read, in the kinds that they have. */
export async function imageSamples(): Promise<Sample[]> {
  const [jpeg, png, webp] = await Promise.all([jpegs(), pngs(), webps()]);
  return [
    ...jpeg.map((bytes): Sample => ({ format: 'jpeg', bytes })),
    ...png.map((bytes): Sample => ({ format: 'png', bytes })),
    ...webp.map((bytes): Sample => ({ format: 'webp', bytes })),
    ...[1, 4, 8, 16, 24, 32].map((bits): Sample => ({ format: 'bmp', bytes: bmp(bits) })),
  ];
}

function jpegs(): Promise<Buffer[]> {
  return Promise.all([
    picture().jpeg().toBuffer(),
    picture().jpeg({ progressive: true, quality: 60 }).toBuffer(),
    picture().greyscale().jpeg({ optimiseCoding: true }).toBuffer(),
    picture().toColourspace('cmyk').jpeg().toBuffer(),
    picture().withExif(NOTE).withIccProfile('p3').jpeg({ chromaSubsampling: '4:4:4' }).toBuffer(),
  ]);
}

function pngs(): Promise<Buffer[]> {
  return Promise.all([
    picture().png().toBuffer(),
    picture().png({ palette: true, colours: 16 }).toBuffer(),
    picture().png({ progressive: true }).toBuffer(),
    picture().toColourspace('rgb16').png().toBuffer(),
    picture().ensureAlpha(0.4).withExif(NOTE).withIccProfile('srgb').png().toBuffer(),
    picture().threshold().png({ palette: true, colours: 2 }).toBuffer(),
  ]);
}

async function webps(): Promise<Buffer[]> {
  const frame = await picture().png().toBuffer();
  return Promise.all([
    picture().webp().toBuffer(),
    picture().webp({ lossless: true }).toBuffer(),
    picture().ensureAlpha(0.4).webp().toBuffer(),
    picture().withExif(NOTE).withIccProfile('srgb').webp().toBuffer(),
    sharp([frame, frame], { join: { animated: true } })
      .webp()
      .toBuffer(),
  ]);
}

/** An uncompressed BMP with a palette where one belongs. */
function bmp(bitsPerPixel: number): Buffer {
  const palette = bitsPerPixel <= 8 ? 4 * 2 ** bitsPerPixel : 0;
  const masks = bitsPerPixel === 16 ? 16 : 0;
  const rowBytes = Math.ceil((WIDTH * bitsPerPixel) / 32) * 4;
  const pixels = 54 + palette + masks;
  const file = Buffer.alloc(pixels + rowBytes * HEIGHT);
  for (let index = 54; index < file.length; index += 1) {
    file[index] = (index * 29) & 0xff;
  }
  file.write('BM', 'latin1');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(0, 6);
  file.writeUInt32LE(pixels, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(WIDTH, 18);
  file.writeInt32LE(HEIGHT, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(bitsPerPixel, 28);
  file.writeUInt32LE(masks > 0 ? 3 : 0, 30);
  return file;
}
