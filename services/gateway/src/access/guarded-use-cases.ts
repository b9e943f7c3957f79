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
} from '@mien/proto';
import type { Call } from '../usecases/call';
import type { ClusterPhotos } from '../usecases/clusters/cluster-photos';
import type { AnyService, Methods } from '../usecases/methods';
import type { LibraryCalls } from '../usecases/ports';
import type { ServedUseCases, UseCases } from '../usecases/use-cases';
import type { AuditSink } from './audit-record';
import { audited, auditedAnswer } from './audited';
import { authorized, authorizedAnswer } from './authorized';
import type { MethodRule, MethodRules } from './method-rule';
import { CLUSTERING_RULES, FACE_RULES } from './rules/faces';
import { JOB_RULES } from './rules/jobs';
import { LIBRARY_RULES } from './rules/library';
import { LIBRARY_JOB_RULES } from './rules/library-jobs';
import { AUDIT_RULES, DEAD_LETTER_RULES, KEY_RULES, NOTIFICATION_RULES } from './rules/operators';

interface Guards {
  readonly library: LibraryCalls | undefined;
  /** Undefined for work whose record is that of the job that it is part of. */
  readonly trail: AuditSink | undefined;
}

/** The use cases that jobs are made of, for those who may. */
export function guardedUseCases(useCases: UseCases, guards: Guards): UseCases {
  return {
    faces: guarded(FaceServiceService, useCases.faces, FACE_RULES, guards),
    clusterPhotos: guardedClustering(useCases.clusterPhotos, guards),
    library: guarded(LibraryServiceService, useCases.library, LIBRARY_RULES, guards),
    libraryJobs: guarded(LibraryJobServiceService, useCases.libraryJobs, LIBRARY_JOB_RULES, guards),
  };
}

/** All that both transports serve, for those who may, and written down. */
export function guardedServed(served: ServedUseCases, guards: Guards): ServedUseCases {
  const { jobs, notifications, deadLetters, keys, audit } = served;
  return {
    ...guardedUseCases(served, guards),
    jobs: guarded(JobServiceService, jobs, JOB_RULES, guards),
    notifications: guarded(NotificationServiceService, notifications, NOTIFICATION_RULES, guards),
    deadLetters: guarded(DeadLetterServiceService, deadLetters, DEAD_LETTER_RULES, guards),
    keys: guarded(KeyServiceService, keys, KEY_RULES, guards),
    audit: guarded(AuditServiceService, audit, AUDIT_RULES, guards),
  };
}

function guarded<Definition extends AnyService>(
  definition: Definition,
  methods: Methods<Definition>,
  rules: MethodRules<Definition>,
  { library, trail }: Guards,
): Methods<Definition> {
  const allowed = authorized(definition, methods, rules, library);
  return trail === undefined ? allowed : audited(definition, allowed, rules, trail);
}

/** The one method that takes many messages: what it may do does not depend on them. */
function guardedClustering(clusterPhotos: ClusterPhotos, { library, trail }: Guards): ClusterPhotos {
  const { path } = ClusteringServiceService.clusterPhotos;
  const { role, changes } = CLUSTERING_RULES.clusterPhotos;
  const rule: MethodRule<Parameters<ClusterPhotos>[0], Awaited<ReturnType<ClusterPhotos>>> = {
    role,
    changes,
    reach: () => undefined,
    about: () => ({}),
  };
  const allowed = authorizedAnswer(clusterPhotos, rule, library);
  return trail === undefined
    ? allowed
    : (messages, call: Call) => auditedAnswer(allowed, rule, path, trail)(messages, call);
}
