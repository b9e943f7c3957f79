import { readFile } from 'node:fs/promises';
import { Image } from '@mien/proto';

/**
 * A photo in any of the ways that a program has one: its bytes, the path of a file, or an address. A text that
 * begins with http:// or https:// is an address, which the server fetches; any other is a path.
 */
export type PhotoSource = Uint8Array | string | URL;

const WEB = /^https?:\/\//i;

/** Reads files; addresses are left for the server to fetch. Throws what reading the file throws. */
export async function toImage(photo: PhotoSource): Promise<Image> {
  if (photo instanceof Uint8Array) {
    return content(photo);
  }
  const address = typeof photo === 'string' ? photo : photo.href;
  if (WEB.test(address)) {
    return Image.fromPartial({ source: { $case: 'url', value: address } });
  }
  return content(await readFile(photo));
}

function content(bytes: Uint8Array): Image {
  const value = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Image.fromPartial({ source: { $case: 'content', value } });
}
