/** ClusterPhotos as HTTP offers it. */
export const CLUSTERS = {
  method: 'POST',
  path: '/v1/clusters',
  service: 'mien.v1.ClusteringService',
  rpc: 'ClusterPhotos',
  settings: 'mien.v1.ClusterSettings',
  response: 'mien.v1.ClusterPhotosResponse',
} as const;
