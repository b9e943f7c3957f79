import {
  AuditServiceService,
  ClusteringServiceService,
  DeadLetterServiceService,
  FaceServiceService,
  JobServiceService,
  KeyServiceService,
  LibraryJobServiceService,
  LibraryServiceService,
  NotificationServiceService,
  type Role,
} from '@mien/proto';
import { CLUSTERING_RULES, FACE_RULES } from './rules/faces';
import { JOB_RULES } from './rules/jobs';
import { LIBRARY_RULES } from './rules/library';
import { LIBRARY_JOB_RULES } from './rules/library-jobs';
import { AUDIT_RULES, DEAD_LETTER_RULES, KEY_RULES, NOTIFICATION_RULES } from './rules/operators';

/** The least role that may call a method at all, by full name, such as mien.v1.FaceService/Detect. */
export const LEAST_ROLES: ReadonlyMap<string, Role> = new Map([
  ...rolesIn(FaceServiceService, FACE_RULES),
  ...rolesIn(ClusteringServiceService, CLUSTERING_RULES),
  ...rolesIn(LibraryServiceService, LIBRARY_RULES),
  ...rolesIn(LibraryJobServiceService, LIBRARY_JOB_RULES),
  ...rolesIn(JobServiceService, JOB_RULES),
  ...rolesIn(NotificationServiceService, NOTIFICATION_RULES),
  ...rolesIn(DeadLetterServiceService, DEAD_LETTER_RULES),
  ...rolesIn(KeyServiceService, KEY_RULES),
  ...rolesIn(AuditServiceService, AUDIT_RULES),
]);

function rolesIn<Name extends string>(
  definition: Readonly<Record<Name, { readonly path: string }>>,
  rules: Readonly<Record<Name, { readonly role: Role }>>,
): [string, Role][] {
  return (Object.keys(definition) as Name[]).map((name) => [
    definition[name].path.slice(1),
    rules[name].role,
  ]);
}
