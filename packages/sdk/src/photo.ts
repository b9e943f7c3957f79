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
  if (isWebAddress(photo)) {
    return Image.fromPartial({ source: { $case: 'url', value: photo.toString() } });
  }
  return Image.fromPartial({ source: { $case: 'content', value: await contentOf(photo) } });
}

/** Whether the server is to fetch the photo. */
export function isWebAddress(photo: PhotoSource): photo is string | URL {
  return !(photo instanceof Uint8Array) && WEB.test(photo.toString());
}

/** The bytes of a photo that is no web address. Throws what reading the file throws. */
export async function contentOf(photo: PhotoSource): Promise<Buffer> {
  if (photo instanceof Uint8Array) {
    return Buffer.from(photo.buffer, photo.byteOffset, photo.byteLength);
  }
  return readFile(photo);
}
