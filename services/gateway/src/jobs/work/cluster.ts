import { MienError } from '@mien/errors';
import type { ClusterPhotosRequest, ClusterSettings, JobPhoto, JobResult, Priority } from '@mien/proto';
import type { Call } from '../../usecases/call';
import type { ClusterPhotos } from '../../usecases/clusters/cluster-photos';
import type { PhotoOfJob } from './photo-of-job';

/**
 * The names that an album's answer speaks of its photos by: the caller's, and the place of those that have none.
 * Throws ARGUMENT_INVALID for a name that is there twice.
 */
export function albumNames(photos: readonly Pick<JobPhoto, 'name'>[]): string[] {
  const names = photos.map(({ name }, index) => (name === '' ? String(index) : name));
  const seen = new Set<string>();
  for (const [index, name] of names.entries()) {
    if (seen.has(name)) {
      const field = `photos[${index}].name`;
      throw new MienError('ARGUMENT_INVALID', `${field} is that of another photo of the album`, {
        metadata: { field },
      });
    }
    seen.add(name);
  }
  return names;
}

/** Sorts the faces of all photos by person; they are read as their turn comes. */
export async function clusterAlbum(
  settings: ClusterSettings,
  photos: AsyncIterable<PhotoOfJob>,
  priority: Priority,
  call: Call,
  clusterPhotos: ClusterPhotos,
): Promise<JobResult['result']> {
  async function* messages(): AsyncGenerator<ClusterPhotosRequest, void, void> {
    yield { part: { $case: 'settings', value: { ...settings, priority } } };
    for await (const { name, image } of photos) {
      yield { part: { $case: 'photo', value: { name, image } } };
    }
  }
  return { $case: 'cluster', value: await clusterPhotos(messages(), call) };
}
