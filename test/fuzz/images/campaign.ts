import type { Campaign } from '../campaign';
import { within } from '../campaign';
import { internalText } from '../internal-text';
import { type Decoded, Decoder } from './decoder';
import { mutatedImages } from './mutated-images';
import { imageSamples } from './samples';

const DECODE_MS = 20_000;
const REASONS = [
  'IMAGE_MISSING',
  'IMAGE_CORRUPT',
  'IMAGE_FORMAT_UNSUPPORTED',
  'IMAGE_TOO_LARGE',
  'IMAGE_DIMENSIONS_TOO_LARGE',
  'IMAGE_DIMENSIONS_TOO_SMALL',
];
const MAX_PIXELS = 25_000_000;

/** Files that are nearly photos, through the detector's decoding. */
export async function imageCampaign(): Promise<{ campaign: Campaign<Buffer>; close(): void }> {
  const decoder = new Decoder();
  const campaign: Campaign<Buffer> = {
    name: 'images',
    cases: mutatedImages(await imageSamples()),
    attempt: async (bytes) => judge(await within(DECODE_MS, 'decoding', decoder.decode(bytes))),
    describe: (bytes) => bytes.toString('base64'),
  };
  return { campaign, close: () => decoder.close() };
}

function judge(decoded: Decoded): void {
  switch (decoded.kind) {
    case 'fault':
      throw new Error(`decoding threw ${decoded.message}`);
    case 'refused': {
      const internal = internalText(decoded.message, '');
      if (!REASONS.includes(decoded.reason) || internal !== undefined) {
        throw new Error(`refused as ${decoded.reason}: ${decoded.message}`);
      }
      return;
    }
    case 'pixels': {
      const { bytes, width, height } = decoded;
      if (bytes !== width * height * 3 || width * height > MAX_PIXELS) {
        throw new Error(`${width}x${height} pixels in ${bytes} bytes`);
      }
    }
  }
}
