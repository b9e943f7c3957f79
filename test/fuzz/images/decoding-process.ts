import { MienError } from '@mien/errors';
import { decodePhoto, setDecodeThreads } from '@mien/vision';
import type { Decoded } from './decoder';

/** The detector's defaults. */
const LIMITS = { maxBytes: 10 * 1024 * 1024, maxSide: 8_000, minSide: 20, maxPixels: 25_000_000 };

setDecodeThreads(1);

/** Decodes what its parent sends: a photo that kills takes this process with it alone. */
process.on('message', (bytes: Uint8Array) => {
  void decode(Buffer.from(bytes)).then((decoded) => process.send?.(decoded));
});

async function decode(bytes: Buffer): Promise<Decoded> {
  try {
    const { data, width, height } = await decodePhoto(bytes, LIMITS);
    return { kind: 'pixels', bytes: data.length, width, height };
  } catch (error) {
    return error instanceof MienError
      ? { kind: 'refused', reason: error.reason, message: error.message }
      : { kind: 'fault', message: error instanceof Error ? (error.stack ?? '') : String(error) };
  }
}
