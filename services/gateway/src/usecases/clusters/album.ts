import { MienError } from '@mien/errors';
import { type AlbumPhoto, type ClusterPhotosRequest, ClusterSettings } from '@mien/proto';
import { FIELD_LIMITS, MAX_ALBUM_PHOTOS, MAX_PHOTO_NAME_BYTES } from '../limits';
import { checkNumber, validateDetection } from '../validation';

/** An album as it arrives. */
export interface Album {
  readonly settings: ClusterSettings;
  /** Throws ARGUMENT_INVALID at the first message that may not be there. */
  readonly photos: AsyncIterable<AlbumPhoto>;
}

/** Reads the settings, if the album begins with any. Throws ARGUMENT_INVALID. */
export async function openAlbum(messages: AsyncGenerator<ClusterPhotosRequest, void, void>): Promise<Album> {
  const first = await messages.next();
  const part = first.value?.part;
  if (part?.$case === 'settings') {
    validateClusterSettings(part.value);
    return { settings: part.value, photos: photosOf(messages) };
  }
  const photos = photosOf(first.done ? messages : before(first.value, messages));
  return { settings: ClusterSettings.fromPartial({}), photos };
}

/** Throws ARGUMENT_INVALID. */
export function validateClusterSettings({ minimumScore, detection }: ClusterSettings): void {
  validateDetection(detection);
  if (minimumScore !== undefined) {
    checkNumber('minimum_score', minimumScore, FIELD_LIMITS['mien.v1.ClusterSettings.minimum_score']);
  }
}

async function* before<Item>(first: Item, rest: AsyncIterable<Item>): AsyncGenerator<Item, void, void> {
  yield first;
  yield* rest;
}

async function* photosOf(
  messages: AsyncIterable<ClusterPhotosRequest>,
): AsyncGenerator<AlbumPhoto, void, void> {
  const names = new Set<string>();
  for await (const { part } of messages) {
    if (part === undefined) {
      throw invalid('part', 'is missing: each message holds a photo');
    }
    if (part.$case === 'settings') {
      throw invalid('settings', 'come first and once');
    }
    const photo = part.value;
    checkName(photo.name, names);
    names.add(photo.name);
    yield photo;
  }
}

function checkName(name: string, names: ReadonlySet<string>): void {
  const bytes = Buffer.byteLength(name);
  if (bytes < 1 || bytes > MAX_PHOTO_NAME_BYTES) {
    throw invalid('photo.name', `must have 1 to ${MAX_PHOTO_NAME_BYTES} bytes`);
  }
  if (names.has(name)) {
    throw invalid('photo.name', 'is that of another photo of the album');
  }
  if (names.size >= MAX_ALBUM_PHOTOS) {
    throw invalid('photo', `is given more than ${MAX_ALBUM_PHOTOS} times`);
  }
}

function invalid(field: string, complaint: string): MienError {
  return new MienError('ARGUMENT_INVALID', `${field} ${complaint}`, { metadata: { field } });
}
