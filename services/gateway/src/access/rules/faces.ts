import type { ClusteringServiceService, FaceServiceService } from '@mien/proto';
import { Role } from '@mien/proto';
import { ANYWHERE, type MethodRule, type MethodRules, NOBODY } from '../method-rule';

/** Of what looks at photos and keeps nothing. */
const LOOKING = {
  role: Role.ROLE_READ,
  changes: false,
  reach: ANYWHERE,
  about: NOBODY,
} satisfies MethodRule<unknown, unknown>;

export const FACE_RULES: MethodRules<typeof FaceServiceService> = {
  detect: LOOKING,
  compare: LOOKING,
  checkLiveness: LOOKING,
};

export const CLUSTERING_RULES: MethodRules<typeof ClusteringServiceService> = { clusterPhotos: LOOKING };
