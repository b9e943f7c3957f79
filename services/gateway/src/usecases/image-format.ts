/** Kinds of photo that the line reads. */
type ImageFormat = 'jpeg' | 'png' | 'webp' | 'bmp';

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Start-of-image marker and the 0xFF that opens the next one. */
const JPEG_START = Buffer.from([0xff, 0xd8, 0xff]);

/**
 * What kind of file these bytes begin like, by their magic numbers; names and content types are not believed.
 * Whether the rest is sound is for the detector to find out, which decodes it.
 */
export function imageFormat(bytes: Buffer): ImageFormat | undefined {
  if (startsWith(bytes, JPEG_START)) {
    return 'jpeg';
  }
  if (startsWith(bytes, PNG_SIGNATURE)) {
    return 'png';
  }
  if (bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP') {
    return 'webp';
  }
  if (bytes.toString('latin1', 0, 2) === 'BM') {
    return 'bmp';
  }
  return undefined;
}

function startsWith(bytes: Buffer, start: Buffer): boolean {
  return bytes.subarray(0, start.length).equals(start);
}
