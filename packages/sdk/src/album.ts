import { ClusterPhotosRequest } from '@mien/proto';
import { type PhotoSource, toImage } from './photo';
import { given, type PhotoSettings } from './settings';

/** A photo of an album, with the caller's own name for it: 1 to 256 bytes. */
export interface NamedPhoto {
  readonly name: string;
  readonly photo: PhotoSource;
}

export type AlbumSource = Iterable<NamedPhoto> | AsyncIterable<NamedPhoto>;

export interface ClusterSettings extends PhotoSettings {
  /** 0..100: two groups of faces are one person from this mean likeness on; 50 unless given. */
  readonly minimumScore?: number;
}

/** An album as it is sent. Files are read one after another. Throws what reading a photo's file throws. */
export async function* albumRequests(
  photos: AlbumSource,
  { minimumScore, detection, priority }: ClusterSettings,
): AsyncGenerator<ClusterPhotosRequest, void, void> {
  const settings = given({ minimumScore, detection, priority });
  yield ClusterPhotosRequest.fromPartial({ part: { $case: 'settings', value: settings } });
  for await (const { name, photo } of photos) {
    const value = { name, image: await toImage(photo) };
    yield { part: { $case: 'photo', value } };
  }
}
