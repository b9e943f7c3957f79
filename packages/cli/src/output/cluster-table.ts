import type { ClusterPhotosResponse, FaceCluster } from '@mien/sdk';
import { textTable } from './table';

/** Who is in which photos, for a terminal: a row for each cluster, largest first. */
export function clusterTable({ clusters }: ClusterPhotosResponse): string {
  return textTable(
    ['#', 'faces', 'mean', 'least', 'photos'],
    clusters.map((cluster, index) => [
      String(index + 1),
      String(cluster.faces.length),
      cluster.meanScore?.toFixed(1) ?? '',
      cluster.minimumScore?.toFixed(1) ?? '',
      photosOf(cluster).join('\n'),
    ]),
  );
}

/** Each once, however many of its faces are here. */
function photosOf({ faces }: FaceCluster): string[] {
  return [...new Set(faces.map(({ photo }) => photo))];
}
