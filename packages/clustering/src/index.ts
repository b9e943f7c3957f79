export { type Cluster, clusterFaces } from './cluster-faces';
export { clusterInThread } from './cluster-in-thread';
export type { FaceVectors } from './face-vectors';
